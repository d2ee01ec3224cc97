//! The code lists of programs: status, themes, roles and the IATI types that we carry.

use crate::codes_enum;

codes_enum! {
    /// IATI activity status: 1 pipeline, 2 implementation, 3 finalisation, 4 closed, 5 cancelled, 6 suspended.
    pub ProgramStatus {
        /// 1: agreed or being prepared.
        Pipeline "pipeline",
        /// 2: running.
        Implementation "implementation",
        /// 3: work is done, the books are open.
        Finalisation "finalisation",
        /// 4: everything is done.
        Closed "closed",
        /// 5: given up.
        Cancelled "cancelled",
        /// 6: interrupted.
        Suspended "suspended",
    }
}

/// The status of a program.
pub type Status = ProgramStatus;

impl ProgramStatus {
    /// Where a program may go from here.
    pub fn next(self) -> &'static [Status] {
        use ProgramStatus::{Cancelled, Closed, Finalisation, Implementation, Pipeline, Suspended};
        match self {
            Pipeline => &[Implementation, Cancelled, Suspended],
            Implementation => &[Finalisation, Cancelled, Suspended],
            Finalisation => &[Closed, Cancelled, Suspended],
            Suspended => &[Implementation],
            Closed | Cancelled => &[],
        }
    }

    /// The code of IATI's list ActivityStatus.
    pub fn iati(self) -> &'static str {
        match self {
            Status::Pipeline => "1",
            Status::Implementation => "2",
            Status::Finalisation => "3",
            Status::Closed => "4",
            Status::Cancelled => "5",
            Status::Suspended => "6",
        }
    }
}

codes_enum! {
    /// IATI organization role: 1 funding, 2 accountable, 3 extending, 4 implementing.
    pub OrganizationRole {
        /// 1: gives the money.
        Funding "funding",
        /// 2: answers for it.
        Accountable "accountable",
        /// 3: passes it on.
        Extending "extending",
        /// 4: does the work.
        Implementing "implementing",
    }
}

codes_enum! {
    /// Lists that tags are from: IATI tag vocabularies 2 (goals) and 3 (targets).
    pub TagVocabulary {
        /// Sustainable Development Goals, 1 to 17.
        SdgGoal "sdg_goal",
        /// Targets, for example `16.6`.
        SdgTarget "sdg_target",
    }
}

codes_enum! {
    /// IATI collaboration type.
    pub CollaborationType {
        /// Bilateral.
        Bilateral "1",
        /// Multilateral (inflows).
        MultilateralInflows "2",
        /// Bilateral, core contributions to NGOs and others.
        BilateralCore "3",
        /// Multilateral outflows.
        MultilateralOutflows "4",
        /// Private sector outflows.
        PrivateOutflows "6",
        /// Bilateral, ex-post reporting on NGOs' activities.
        BilateralNgo "7",
        /// Bilateral, triangular co-operation.
        Triangular "8",
    }
}

codes_enum! {
    /// IATI flow type.
    pub FlowType {
        /// Official development assistance.
        Oda "10",
        /// Non-export credit OOF.
        NonExportOof "21",
        /// Officially supported export credits.
        ExportCredits "22",
        /// Private development finance.
        Private "30",
        /// Private foreign direct investment.
        PrivateFdi "36",
        /// Other private flows at market terms.
        OtherPrivate "37",
        /// Non flow.
        NonFlow "40",
        /// Other flows.
        Other "50",
    }
}

codes_enum! {
    /// IATI (OECD DAC) aid type.
    pub AidType {
        /// General budget support.
        A01 "A01",
        /// Sector budget support.
        A02 "A02",
        /// Core support to NGOs and others.
        B01 "B01",
        /// Core contributions to multilateral institutions.
        B02 "B02",
        /// Core contributions to multilateral institutions, in detail.
        B021 "B021",
        /// Core contributions to global funds.
        B022 "B022",
        /// Contributions to specific-purpose programmes.
        B03 "B03",
        /// Multi-donor, multi-entity funding mechanisms.
        B031 "B031",
        /// Multi-donor, single-entity funding mechanisms.
        B032 "B032",
        /// Single-donor funding mechanisms and earmarked contributions.
        B033 "B033",
        /// Basket funds and pooled funding.
        B04 "B04",
        /// Project-type interventions.
        C01 "C01",
        /// Donor country personnel.
        D01 "D01",
        /// Other technical assistance.
        D02 "D02",
        /// Scholarships and training in the donor country.
        E01 "E01",
        /// Imputed student costs.
        E02 "E02",
        /// Debt relief.
        F01 "F01",
        /// Administrative costs.
        G01 "G01",
        /// Development awareness.
        H01 "H01",
        /// Refugees in donor countries.
        H02 "H02",
        /// Asylum-seekers ultimately accepted.
        H03 "H03",
        /// Asylum-seekers ultimately rejected.
        H04 "H04",
        /// Recognised refugees.
        H05 "H05",
        /// Refugees and asylum-seekers in other provider countries.
        H06 "H06",
    }
}
