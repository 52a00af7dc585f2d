namespace DistillSharp.Cli;

/// <summary>What the command's exit code says; documented in docs/command-line.md.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Something failed that should not: a defect of the program.</summary>
    public const int Unexpected = 1;

    /// <summary>The command line or the study is wrong; every problem was named.</summary>
    public const int WrongRequest = 2;

    /// <summary>A file that was read is missing, broken or of another kind.</summary>
    public const int BadInput = 3;

    /// <summary>A loss became infinite or not a number.</summary>
    public const int Diverged = 4;

    /// <summary>Another process works in the results folder.</summary>
    public const int InUse = 5;

    /// <summary>A file could not be written: disk full, no permission.</summary>
    public const int CannotWrite = 6;

    /// <summary>A fixture was not reproduced.</summary>
    public const int NotConforming = 7;

    /// <summary>libtorch is missing or does not fit.</summary>
    public const int NoEngine = 8;

    /// <summary>Weights do not fit the network, or the network not the data.</summary>
    public const int Mismatch = 9;

    /// <summary>Stopped by Ctrl-C or a request to end; what was unfinished is saved.</summary>
    public const int Stopped = 130;

    /// <summary>Each code with what it says.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "done"),
        (Unexpected, "a defect of the program"),
        (WrongRequest, "the command line or the study is wrong; every problem was named"),
        (BadInput, "a file that was read is missing, broken or of another kind"),
        (Diverged, "a loss became infinite or not a number"),
        (InUse, "another process works in the results folder"),
        (CannotWrite, "a file could not be written: disk full, no permission"),
        (NotConforming, "a fixture was not reproduced (verify)"),
        (NoEngine, "libtorch is missing or does not fit"),
        (Mismatch, "weights do not fit the network, or the network not the data; every difference was named (import, audit)"),
        (Stopped, "stopped by Ctrl-C or a request to end; what was unfinished is saved"),
    ];
}
