DROP TABLE audit_checkpoints;
DROP TABLE focal_points;
DROP TABLE organizations;
DROP TABLE partner_holidays;
DROP TABLE partners;
DROP TABLE countries;
DROP TABLE reference_files;
