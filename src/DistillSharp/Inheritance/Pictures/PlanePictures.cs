using System.Globalization;
using DistillSharp.Studies.Results;

namespace DistillSharp.Inheritance;

/// <summary>The table of decision planes: what each model of one seed answers on the plane through three images, a colour a class.</summary>
internal sealed class PlanePictures(AnalysisSubject subject, string value, IReadOnlyList<int[]> triplets, IReadOnlyList<ImagePlane> planes, int most)
{
    private const int Side = 150;
    private const int Named = 3;

    // Colours that people with any colour vision can tell apart (Okabe and Ito 2008).
    private static readonly (string Name, byte Red, byte Green, byte Blue)[] Colours =
    [
        ("orange", 230, 159, 0), ("sky blue", 86, 180, 233), ("green", 0, 158, 115), ("yellow", 240, 228, 66),
        ("blue", 0, 114, 178), ("red", 213, 94, 0), ("purple", 204, 121, 167),
    ];

    private readonly List<(string Column, int[][] Answers)> _columns = [];

    /// <summary>Takes the answers of a model, one array a plane: -1 where logits are not finite.</summary>
    public void Add(string column, int[][] answers) => _columns.Add((column, [.. answers.Take(most)]));

    /// <summary>The finished table, if there is an example.</summary>
    public IReadOnlyList<PictureTable> Tables(string analysis)
    {
        int shown = Math.Min(most, planes.Count);
        if (shown == 0 || _columns.Count == 0)
        {
            return [];
        }

        var rows = new List<PictureRow>();
        for (int plane = 0; plane < shown; plane++)
        {
            int[] classes = [.. _columns.SelectMany(c => c.Answers[plane]).Where(a => a >= 0).CountBy(a => a).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key)];
            var cells = new List<PictureCell>();
            foreach ((string column, int[][] answers) in _columns)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"decision-boundary-{(value.Length == 0 ? "" : ImageGroup.KeyOf(value) + "-")}{plane}-{cells.Count}-plane");
                string path = Draw(name, answers[plane], planes[plane], classes);
                cells.Add(new PictureCell(path, Caption(answers[plane], _columns[0].Answers[plane], classes, isTeacher: cells.Count == 0)));
            }

            rows.Add(new PictureRow(string.Join(", ", triplets[plane].Select(i => string.Create(CultureInfo.InvariantCulture, $"{subject.ClassNames[subject.Test.Classes[i]]} (image {subject.Test.Indices[i]})"))), cells));
        }

        return
        [
            new PictureTable(
                analysis,
                $"What each model answers on planes through three {(value.Length == 0 ? "test images" : $"test images of '{value}'")}",
                $"Models of seed {subject.Seeds[0].ToString(CultureInfo.InvariantCulture)}. A colour is a class, the same in one row; grey are the rarest. The dots are the three images. "
                + "Shown are the first triplets drawn, not a choice of good examples.",
                [.. _columns.Select(c => c.Column)],
                rows),
        ];
    }

    private string Caption(int[] answers, int[] teacher, int[] classes, bool isTeacher)
    {
        IEnumerable<string> regions = answers.Where(a => a >= 0).CountBy(a => a).OrderByDescending(c => c.Value).Take(Named)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"{subject.ClassNames[c.Key]}: {100.0 * c.Value / answers.Length:0} % ({ColourName(Array.IndexOf(classes, c.Key))})"));
        string text = string.Join(", ", regions);
        return isTeacher ? text : string.Create(CultureInfo.InvariantCulture, $"as the teacher on {100 * PlaneAnswers.Agreement(teacher, answers):0} %; {text}");
    }

    private static string ColourName(int rank) => rank < Colours.Length ? Colours[rank].Name : "grey";

    private string Draw(string name, int[] answers, ImagePlane plane, int[] classes)
    {
        int resolution = plane.Resolution, square = Math.Max(1, Side / resolution), side = resolution * square;
        var pixels = new byte[3 * side * side];
        void Paint(int x, int y, byte red, byte green, byte blue)
        {
            if (x >= 0 && y >= 0 && x < side && y < side)
            {
                (pixels[3 * ((y * side) + x)], pixels[(3 * ((y * side) + x)) + 1], pixels[(3 * ((y * side) + x)) + 2]) = (red, green, blue);
            }
        }

        for (int at = 0; at < side * side; at++)
        {
            int answer = answers[(at / side / square * resolution) + (at % side / square)];
            int rank = answer < 0 ? -1 : Array.IndexOf(classes, answer);
            (_, byte red, byte green, byte blue) = answer < 0 ? ("", (byte)0, (byte)0, (byte)0) : rank < Colours.Length ? Colours[rank] : ("", (byte)150, (byte)150, (byte)150);
            Paint(at % side, at / side, red, green, blue);
        }

        foreach ((double column, double row) in plane.Places)
        {
            int x = (int)((column + 0.5) * square), y = (int)((row + 0.5) * square);
            for (int dot = 0; dot < 49; dot++)
            {
                int right = (dot % 7) - 3, down = (dot / 7) - 3, distance = (right * right) + (down * down);
                byte shade = (byte)(distance <= 4 ? 255 : 0);
                if (distance <= 10)
                {
                    Paint(x + right, y + down, shade, shade, shade);
                }
            }
        }

        return subject.SavePicture(name, pixels, side, side, 3);
    }
}
