namespace DistillSharp.Tests.Weights;

/// <summary>The files that PyTorch wrote, in <c>tests/fixtures/pytorch</c>.</summary>
internal static class WeightsFixtures
{
    public static string Root { get; } = FindRoot();

    public static string File(string name) => Path.Combine(Root, "tests", "fixtures", "pytorch", name);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "DistillSharp.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests do not lie in the repository.");
    }
}
