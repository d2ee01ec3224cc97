DROP TABLE merged_registrations;
