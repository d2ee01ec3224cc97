DROP TABLE calendar_feeds;
DROP TABLE milestone_moves;
DROP TABLE milestones;
