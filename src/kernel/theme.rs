//! Themes of capacity building: the five of the GFCE, and three on AI and data.

use crate::codes_enum;

codes_enum! {
    /// What a program, a need or a mandate is about.
    pub Theme {
        /// GFCE working group A.
        PolicyAndStrategy "policy_and_strategy",
        /// GFCE working group B: incident management and critical infrastructure protection.
        IncidentManagement "incident_management",
        /// GFCE working group C.
        Cybercrime "cybercrime",
        /// GFCE working group D.
        CultureAndSkills "culture_and_skills",
        /// GFCE working group E: standards and emerging technology.
        EmergingTechnology "emerging_technology",
        /// Rules and institutions for AI.
        AiGovernance "ai_governance",
        /// Security of AI systems.
        AiSecurity "ai_security",
        /// Privacy and personal data.
        DataProtection "data_protection",
    }
}
