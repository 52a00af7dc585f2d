// Processes are killed at random moments and their times compared: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
