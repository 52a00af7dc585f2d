using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Samples;

/// <summary>Small pictures with a map laid over them, as the localization analysis draws them.</summary>
public static class SamplePictures
{
    private const int Side = 32;
    private static readonly string[] Columns = ["image", "teacher", "independent", "kd", "attention-transfer"];

    public static PictureTable Table() => new(
        "localization",
        "Where the models look",
        "Class activation maps for the teacher's answer, seed 0. Bright is where the model looks.",
        Columns,
        [.. Enumerable.Range(0, 3).Select(row => new PictureRow(
            $"test image {(row * 311) + 17}",
            [.. Columns.Select((column, index) => new PictureCell($"pictures/cam-{row}-{index}.png", index == 0 ? "class: sneaker" : $"overlap {82 - (index * 7) + row} %"))]))]);

    public static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "pictures"));
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < Columns.Length; column++)
            {
                File.WriteAllBytes(Path.Combine(folder, "pictures", $"cam-{row}-{column}.png"), Draw(row, column));
            }
        }
    }

    private static byte[] Draw(int row, int column) => SamplePng.Encode(Side, Side, (x, y) =>
    {
        var shape = Math.Abs(x - 15.5) + (Math.Abs(y - 17) * (1.2 + (row * 0.4))) < 14 ? 190 : 34;
        var distance = Math.Pow(x - 13 - (column * 1.7), 2) + Math.Pow(y - 15 - row, 2);
        var heat = column == 0 ? 0 : Math.Exp(-distance / 60);
        var grey = shape + ((x * 7 + y * 13 + row * 5) % 11);
        return ((byte)(grey * (1 - heat) + 250 * heat), (byte)(grey * (1 - heat) + 170 * heat * heat), (byte)(grey * (1 - heat) + 40 * heat));
    });
}
