DROP TABLE risk_matrices;
DROP TABLE crosswalk_mappings;
DROP TABLE crosswalks;
DROP TABLE framework_nodes;
DROP TABLE frameworks;
