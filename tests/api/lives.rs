//! Random lives of milestones and programs against a model of what the rules say: who may take which step from where.
//!
//! The models know nothing of the service; each sequence of steps goes through HTTP, and after each step the record must
//! stand where the model stands. The sequences are the same in every run.

mod milestone_model;
mod program_model;

use cybercap::kernel::access::Role;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use self::milestone_model::Milestone;
use self::program_model::{Deed, Program};
use crate::support::{Person, TestApp};

/// Sequences of each kind on each database: 1,000 in all.
const SEQUENCES: usize = 250;

/// Everybody who tries.
struct Crowd {
    administrator: Person,
    coordinator: Person,
    second: Person,
    owner: Person,
    dakar: Person,
    nairobi: Person,
    observer: Person,
}

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Administrator,
    Coordinator,
    Second,
    Owner,
    Dakar,
    Nairobi,
    Observer,
}

const EVERYBODY: [Who; 7] =
    [Who::Administrator, Who::Coordinator, Who::Second, Who::Owner, Who::Dakar, Who::Nairobi, Who::Observer];

impl Crowd {
    async fn gather(app: &TestApp) -> Crowd {
        Crowd {
            administrator: app.administrator().await,
            coordinator: app.coordinator().await,
            second: app.with_role("second", Role::Coordinator, None, None).await,
            owner: app.with_role("owner", Role::Contributor, Some("SN"), None).await,
            dakar: app.focal_point_of("SN").await,
            nairobi: app.focal_point_of("KE").await,
            observer: app.with_role("observer", Role::Observer, Some("SN"), None).await,
        }
    }

    fn of(&self, who: Who) -> &Person {
        match who {
            Who::Administrator => &self.administrator,
            Who::Coordinator => &self.coordinator,
            Who::Second => &self.second,
            Who::Owner => &self.owner,
            Who::Dakar => &self.dakar,
            Who::Nairobi => &self.nairobi,
            Who::Observer => &self.observer,
        }
    }

    /// A program in Senegal and Kenya with two coordinators.
    async fn program(&self, app: &TestApp) -> String {
        let draft =
            json!({ "title": { "en": "CSIRT" }, "countries": [{ "country": "SN" }, { "country": "KE" }] });
        let program = self.coordinator.post("/programs", draft).await.expect(201).id();
        let second = json!({ "user_id": self.second.id.to_string(), "role": "coordinator" });
        self.administrator.post(&format!("/programs/{program}/members"), second).await.expect(201);
        app.parts.sessions.forget();
        program
    }
}

/// Sequences of steps, the same in every run.
fn sequences<T: std::fmt::Debug>(step: impl Strategy<Value = T>) -> Vec<Vec<T>> {
    let mut runner = TestRunner::deterministic();
    let sequence = proptest::collection::vec(step, 1..14);
    let one = |runner: &mut TestRunner| sequence.new_tree(runner).expect("a sequence").current();
    (0..SEQUENCES).map(|_| one(&mut runner)).collect()
}

on_both_databases! {
    async fn a_milestone_lives_as_its_model_does(app: TestApp) {
        let crowd = Crowd::gather(&app).await;
        let program = crowd.program(&app).await;
        let (mut taken, mut accepted) = (0, 0);
        for sequence in sequences(milestone_model::steps()) {
            let draft = json!({ "title": "Plan", "due": "2027-03-31", "country": "SN", "owner": crowd.owner.id.to_string() });
            let made = crowd.coordinator.post(&format!("/programs/{program}/milestones"), draft).await.expect(201);
            let path = format!("/milestones/{}", made.id());
            let mut model = Milestone::default();
            for (place, step) in sequence.iter().enumerate() {
                let expected = model.take(step);
                let answer = crowd.of(step.who).post(&format!("{path}/transitions"), step.body()).await;
                assert_eq!(answer.status, expected, "step {place} of {sequence:?}: {}", answer.text);
                let seen = crowd.coordinator.get(&path).await.expect(200).json;
                assert_eq!(seen["status"], model.status, "after step {place} of {sequence:?}");
                taken += usize::from(expected == 200);
            }
            accepted += usize::from(model.status == "accepted");
        }
        assert!(taken > SEQUENCES && accepted > 0, "the sequences go somewhere: {taken} steps, {accepted} accepted");
    }

    async fn a_program_lives_as_its_model_does(app: TestApp) {
        let crowd = Crowd::gather(&app).await;
        let (mut taken, mut closed) = (0, 0);
        for sequence in sequences(program_model::deeds()) {
            let path = format!("/programs/{}", crowd.program(&app).await);
            let mut model = Program::default();
            for (place, (who, deed)) in sequence.iter().enumerate() {
                let expected = model.take(*who, deed);
                let answer = perform(crowd.of(*who), &crowd, &path, deed).await;
                assert_eq!(answer.0, expected, "deed {place} of {sequence:?}: {}", answer.1);
                let seen = crowd.administrator.get(&path).await.expect(200).json;
                assert_eq!(seen["status"], model.status, "after deed {place} of {sequence:?}");
                taken += usize::from(expected < 300);
            }
            closed += usize::from(model.status == "closed");
        }
        assert!(taken > SEQUENCES && closed > 0, "the sequences go somewhere: {taken} deeds, {closed} closed");
    }
}

/// Does it; status and body of the answer.
async fn perform(by: &Person, crowd: &Crowd, path: &str, deed: &Deed) -> (u16, Value) {
    let answer = match deed {
        Deed::Acknowledge => by.post(&format!("{path}/countries/SN/acknowledgements"), json!({})).await,
        Deed::Move { to, reason, waiver } => {
            let waiver = waiver.then_some("Agreed with both countries");
            let body =
                json!({ "to": to, "reason": reason.then_some("As agreed"), "milestones_waiver": waiver });
            by.post(&format!("{path}/transitions"), body).await
        }
        Deed::Begin | Deed::Report => {
            let etag = crowd.administrator.get(path).await.expect(200).header("etag").to_owned();
            let patch = match deed {
                Deed::Begin => json!({ "actual_start": "2026-10-01" }),
                _ => json!({ "final_report": "https://example.org/report.pdf" }),
            };
            by.patch(path, &etag, patch).await
        }
        Deed::Plan => {
            by.post(&format!("{path}/milestones"), json!({ "title": "Open", "due": "2027-01-01" })).await
        }
    };
    (answer.status, answer.json)
}
