"""What is done without being asked: the list of jobs, who does them and when, and how they stand."""
