DROP TABLE program_budgets;
DROP TABLE program_tags;
DROP TABLE program_organizations;
DROP TABLE program_themes;
DROP TABLE program_countries;
DROP TABLE programs;
DROP TABLE programs_search;
DROP TABLE programs_search_places;
