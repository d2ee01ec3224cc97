//! Themes of capacity building: the five of the GFCE by their letters (Delhi Communiqué, 2017), and three on AI and data.

use crate::codes_enum;

codes_enum! {
    /// What a program, a need or a mandate is about.
    pub Theme {
        /// GFCE working group A: policy and strategy.
        PolicyAndStrategy "A",
        /// GFCE working group B: incident management and critical infrastructure protection.
        IncidentManagement "B",
        /// GFCE working group C: cybercrime.
        Cybercrime "C",
        /// GFCE working group D: culture and skills.
        CultureAndSkills "D",
        /// GFCE working group E: standards.
        Standards "E",
        /// Rules and institutions for AI.
        AiGovernance "ai_governance",
        /// Security of AI systems.
        AiSecurity "ai_security",
        /// Privacy and personal data.
        DataProtection "data_protection",
    }
}
