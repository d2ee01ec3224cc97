//! Every permission of the table is asked for: by a route, or by a rule inside one.

use cybercap::kernel::access::Permission;
use cybercap::routes::{Door, ROUTES};

use super::sources::{none, rust};

/// Permissions that no route asks for by itself: each decides what part of a record is shown or which step is taken.
const INSIDE: &[Permission] = &[
    Permission::ViewProgramSummaries,
    Permission::SubmitMilestones,
    Permission::AcceptMilestones,
    Permission::ViewWholeTraining,
    Permission::DecideRegistrations,
    Permission::WithdrawRegistrations,
];

#[test]
fn every_permission_is_used() {
    let asked = |permission: Permission| ROUTES.iter().any(|(_, _, door)| *door == Door::Right(permission));
    let mut findings = Vec::new();
    for permission in Permission::ALL.iter().copied() {
        let inside = INSIDE.contains(&permission);
        if asked(permission) == inside {
            findings.push(format!("`{}`: asked for by a route: {}", permission.word(), asked(permission)));
        }
        if inside {
            let name = format!("{permission:?}");
            let uses = [format!("Permission::{name}"), format!("also::<{name}>")];
            let table = ["src/kernel/access.rs", "src/routes.rs"];
            let files = rust(&["src"]);
            let mut code = files.iter().filter(|file| !table.contains(&file.path.as_str()));
            if !code.any(|file| file.code().any(|(_, line)| uses.iter().any(|used| line.contains(used)))) {
                findings.push(format!("`{}` is in the table and nothing asks for it", permission.word()));
            }
        }
    }
    none("Permissions", findings);
}
