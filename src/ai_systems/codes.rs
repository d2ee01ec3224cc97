//! Words for AI systems: lifecycle, autonomy, data, people.

use crate::{codes_enum, stored_texts};

codes_enum! {
    /// Where an AI system stands in its life (NIST AI RMF 1.0, figure 2, after the OECD).
    pub Lifecycle {
        /// Plan and design.
        PlanAndDesign "plan_and_design",
        /// Collect and process data.
        CollectAndProcessData "collect_and_process_data",
        /// Build and use a model.
        BuildAndUseModel "build_and_use_model",
        /// Verify and validate.
        VerifyAndValidate "verify_and_validate",
        /// Deploy and use.
        DeployAndUse "deploy_and_use",
        /// Operate and monitor.
        OperateAndMonitor "operate_and_monitor",
        /// Taken out of use.
        Retired "retired",
    }
}

codes_enum! {
    /// What the country or its organization is to the system (EU AI Act article 3; ISO/IEC 42001 4.1).
    pub AiRole {
        /// Develops it or has it developed, and puts it on the market or into service.
        Provider "provider",
        /// Uses it under its own authority.
        Deployer "deployer",
        /// Works with what it gives out.
        User "user",
    }
}

codes_enum! {
    /// Where it is used.
    pub AiSector {
        /// Administration of the state.
        PublicAdministration "public_administration",
        /// Health.
        Health "health",
        /// Education.
        Education "education",
        /// Courts.
        Justice "justice",
        /// Police.
        LawEnforcement "law_enforcement",
        /// Borders, migration, asylum.
        Migration "migration",
        /// Benefits and social services.
        SocialProtection "social_protection",
        /// Work.
        Employment "employment",
        /// Elections and democratic processes.
        Elections "elections",
        /// Banks, insurance, taxes.
        Finance "finance",
        /// Energy.
        Energy "energy",
        /// Transport.
        Transport "transport",
        /// Water.
        Water "water",
        /// Networks and media.
        Communications "communications",
        /// Farming and food.
        Agriculture "agriculture",
        /// Cyber security itself.
        CyberSecurity "cyber_security",
        /// Anything else.
        Other "other",
    }
}

codes_enum! {
    /// Which data it works with.
    pub DataKind {
        /// Of people.
        Personal "personal",
        /// Of special categories: health, belief, origin ...
        Sensitive "sensitive",
        /// Faces, voices, prints.
        Biometric "biometric",
        /// Of children.
        Children "children",
        /// Where people are.
        Location "location",
        /// What people say to each other.
        Communications "communications",
        /// Classified or official.
        Official "official",
        /// Of businesses.
        Commercial "commercial",
        /// Of machines and networks.
        Technical "technical",
        /// Published for everyone.
        Open "open",
        /// Made up.
        Synthetic "synthetic",
    }
}

codes_enum! {
    /// How much it decides.
    pub Autonomy {
        /// It informs; people decide.
        Advises "advises",
        /// It proposes; each case is decided by a person.
        HumanInTheLoop "human_in_the_loop",
        /// It decides; a person watches and can stop it.
        HumanOnTheLoop "human_on_the_loop",
        /// It decides and nobody watches each case.
        Autonomous "autonomous",
    }
}

codes_enum! {
    /// Who is affected.
    pub AffectedGroup {
        /// Everyone.
        Public "public",
        /// Children.
        Children "children",
        /// Women and girls.
        Women "women",
        /// Older people.
        OlderPeople "older_people",
        /// People with disabilities.
        Disabilities "people_with_disabilities",
        /// Minorities by origin, language or belief.
        Minorities "minorities",
        /// Indigenous peoples.
        Indigenous "indigenous_peoples",
        /// Migrants and refugees.
        Migrants "migrants_and_refugees",
        /// Workers.
        Workers "workers",
        /// Patients.
        Patients "patients",
        /// Pupils and students.
        Students "students",
        /// People before the law.
        Suspects "people_before_the_law",
        /// People who receive benefits.
        Beneficiaries "beneficiaries",
        /// Journalists, activists, opposition.
        CivilSociety "civil_society",
        /// Public servants.
        Officials "officials",
    }
}

codes_enum! {
    /// How hard an effect is for those it meets.
    pub Severity {
        /// Hardly noticed.
        Negligible "negligible",
        /// Unpleasant, put right soon.
        Limited "limited",
        /// Rights or livelihoods suffer.
        Serious "serious",
        /// Lives, freedom, or what can't be put right.
        Severe "severe",
    }
}

codes_enum! {
    /// Where an impact assessment stands (ISO/IEC 42001 8.4).
    pub ImpactStatus {
        /// Being written.
        Draft "draft",
        /// Read by somebody who did not write it.
        Reviewed "reviewed",
        /// Approved by somebody who did not write it.
        Approved "approved",
        /// Its review day has come, or something changed.
        DueForReview "due_for_review",
    }
}

impl ImpactStatus {
    /// Where it may go from here.
    pub fn next(self) -> &'static [ImpactStatus] {
        use ImpactStatus::{Approved, Draft, DueForReview, Reviewed};
        match self {
            Draft => &[Reviewed],
            Reviewed => &[Approved, Draft],
            Approved => &[DueForReview],
            DueForReview => &[Draft],
        }
    }
}

stored_texts! { Lifecycle AffectedGroup Severity }
