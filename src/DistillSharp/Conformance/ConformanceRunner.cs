using System.Diagnostics;
using DistillSharp.Conformance.Checks;
using DistillSharp.Conformance.Reading;
using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Conformance;

/// <summary>
/// Recomputes every fixture of a folder in Float64 and compares: losses, networks, steps of training, and what analyses are made of.
/// </summary>
public static class ConformanceRunner
{
    /// <summary>The largest relative error allowed where none is given.</summary>
    public const double DefaultTolerance = 1e-9;

    private static readonly Dictionary<string, Func<FixtureNode, IEnumerable<FixtureCase>>> Kinds = new()
    {
        ["loss"] = LossFixtures.Cases,
        ["crd"] = CrdFixture.Cases,
        ["ofd_margin"] = MarginFixture.Cases,
        ["models"] = ModelFixtures.Cases,
        ["trajectories"] = TrajectoryFixtures.Cases,
        ["analysis"] = AnalysisFixtures.Cases,
    };

    /// <summary>Recomputes and compares.</summary>
    /// <param name="folder">The folder; fixtures are found by their content in every <c>.json</c> file in it and below.</param>
    /// <param name="progress">Told of every fixture as it is done; may be null.</param>
    /// <param name="tolerance">The largest error allowed, as <see cref="RelativeError"/> defines it; 0 or more.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder holds no fixture.</exception>
    public static ConformanceReport Run(
        string folder,
        Action<FixtureResult>? progress = null,
        double tolerance = DefaultTolerance)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}'. A folder of fixtures was expected.");
        }

        long began = Stopwatch.GetTimestamp();
        string[] files = Directory.GetFiles(folder, "*.json", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, MatchCasing = MatchCasing.CaseInsensitive });
        Array.Sort(files, StringComparer.Ordinal);
        TorchRuntime.EnsureStarted();

        // Fixtures are small: a second thread saves little, and on a busy machine waiting for it costs many times as much.
        int threads = TorchRuntime.Threads;
        TorchRuntime.Threads = 1;
        try
        {
            return CheckAll(folder, files, progress, tolerance, out List<FixtureResult> results)
                ? new ConformanceReport(folder, tolerance, results, Stopwatch.GetElapsedTime(began))
                : throw new InvalidDataException($"The folder '{folder}' holds no fixture: {(files.Length == 0 ? "there is no .json file in it or below" : "no .json file in it or below states a 'format' and a 'kind'")}.");
        }
        finally
        {
            TorchRuntime.Threads = threads;
        }
    }

    /// <summary>Checks the fixtures of every file.</summary>
    /// <returns>Whether there is any.</returns>
    private static bool CheckAll(string folder, string[] files, Action<FixtureResult>? progress, double tolerance, out List<FixtureResult> results)
    {
        results = [];
        bool any = false;
        foreach (string file in files)
        {
            string name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            IReadOnlyList<FixtureCase> cases = Cases(file, out bool claims);
            any |= claims;
            foreach (FixtureCase fixture in cases)
            {
                FixtureResult result = Check(fixture.Name.Length == 0 ? name : $"{name}: {fixture.Name}", fixture, tolerance);
                results.Add(result);
                progress?.Invoke(result);
            }
        }

        return any;
    }

    /// <summary>The fixtures of a file; where it cannot be read, one that fails and says why.</summary>
    /// <param name="file">The file.</param>
    /// <param name="claims">False where the file is well-formed and does not call itself a fixture.</param>
    private static IReadOnlyList<FixtureCase> Cases(string file, out bool claims)
    {
        claims = true;
        try
        {
            FixtureNode root = FixtureReader.Read(file);
            claims = root.Find("format") is not null || root.Find("kind") is not null;
            FixtureReader.RequireFormat(root);
            FixtureNode kind = root.Get("kind");
            return Kinds.TryGetValue(kind.Text(), out Func<FixtureNode, IEnumerable<FixtureCase>>? cases)
                ? [.. cases(root)]
                : throw new FixtureException(kind.Path, NearestName.Explain("kind of fixture", kind.Text(), Kinds.Keys));
        }
        catch (Exception e) when (e is FixtureException or IOException or UnauthorizedAccessException)
        {
            return [new FixtureCase("", comparison => comparison.Fail("", e.Message))];
        }
    }

    private static FixtureResult Check(string name, FixtureCase fixture, double tolerance)
    {
        long began = Stopwatch.GetTimestamp();
        if (fixture.NotImplemented is { } missing)
        {
            return new FixtureResult(name, FixtureStatus.NotImplemented, [], [$"not implemented yet: {missing}"], TimeSpan.Zero);
        }

        using var scope = new TensorScope();
        var comparison = new Comparison(tolerance);
        try
        {
            fixture.Check(comparison);
            if (comparison.Quantities.Count == 0 && comparison.Problems.Count == 0)
            {
                comparison.Fail("", "the fixture states nothing to compare.");
            }
        }
        catch (FixtureException e)
        {
            comparison.Fail("", e.Message);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or TorchException)
        {
            comparison.Fail("", "could not be computed: " + e.Message);
        }

        FixtureStatus status = comparison.Problems.Count == 0 ? FixtureStatus.Passed : FixtureStatus.Failed;
        return new FixtureResult(name, status, comparison.Quantities, comparison.Problems, Stopwatch.GetElapsedTime(began));
    }
}
