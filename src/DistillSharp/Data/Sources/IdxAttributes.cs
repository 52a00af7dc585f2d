using System.Security.Cryptography;
using System.Text;
using DistillSharp.Configuration;

namespace DistillSharp.Data;

/// <summary>
/// Attributes of the images of an idx data set: for each name, <c>train-NAME-idx1-ubyte</c> and <c>t10k-NAME-idx1-ubyte</c> beside the
/// four files, one number an image, and, if it is there, <c>NAME-names.txt</c>, which names the values, one a line.
/// </summary>
internal sealed record IdxAttributes(IReadOnlyList<ImageAttribute> Train, IReadOnlyList<ImageAttribute> Test, string Checksums)
{
    private const long LongestNamesFile = 1 << 20;

    /// <summary>The option that asks for them.</summary>
    public static OptionSpec Spec { get; } = new("attributes", OptionKind.TextList, null, "Names of further numbers known of every image, each in files such as train-NAME-idx1-ubyte and t10k-NAME-idx1-ubyte");

    /// <summary>Reads what the option asks for.</summary>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="DataFormatException">A file is not what it must be.</exception>
    public static IdxAttributes Read(string folder, OptionValues? options)
    {
        if (options?.Has(Spec.Name) != true)
        {
            return new IdxAttributes([], [], "");
        }

        List<ImageAttribute> train = [], test = [];
        var checksums = new StringBuilder();
        foreach (string name in options.Texts(Spec.Name))
        {
            if (name.Length == 0 || name.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_')))
            {
                throw new ArgumentException($"The option '{Spec.Name}' takes names of letters, digits, '-' and '_', found '{name}'.");
            }

            IdxFile trainFile = ReadFile(folder, $"train-{name}"), testFile = ReadFile(folder, $"t10k-{name}");
            IReadOnlyList<string> names = ReadNames(folder, name, Math.Max(Largest(trainFile), Largest(testFile)) + 1);
            train.Add(new ImageAttribute(name, names, Array.ConvertAll(trainFile.Data, b => (int)b)));
            test.Add(new ImageAttribute(name, names, Array.ConvertAll(testFile.Data, b => (int)b)));
            checksums.Append(name).Append('=').Append(trainFile.UnpackedMd5()).Append(testFile.UnpackedMd5()).Append(string.Join('\n', names));
        }

        return new IdxAttributes(train, test, checksums.ToString());
    }

    /// <summary>The fingerprint of images and labels, unchanged where there are no attributes.</summary>
    public string AddTo(string fingerprint) =>
        Checksums.Length == 0 ? fingerprint : Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(fingerprint + Checksums)));

    private static IdxFile ReadFile(string folder, string stem)
    {
        string path = IdxFolder.LocateNumbers(folder, stem)
            ?? throw new FileNotFoundException($"The option '{Spec.Name}' asks for {stem}-idx1-ubyte[.gz], which is not in {folder}.");
        IdxFile file = IdxFile.Read(path);
        return file.Dimensions.Count == 1
            ? file
            : throw new DataFormatException(path, "offset 3 (number of dimensions)", "1, one number an image", file.Dimensions.Count.ToString());
    }

    private static int Largest(IdxFile file) => file.Data.Length == 0 ? 0 : file.Data.Max();

    private static string[] ReadNames(string folder, string name, int count)
    {
        string path = Path.Combine(folder, $"{name}-names.txt");
        if (!File.Exists(path))
        {
            return Enumerable.Range(0, count).Select(i => i.ToString()).ToArray();
        }

        if (new FileInfo(path).Length > LongestNamesFile)
        {
            throw new DataFormatException(path, "length", $"at most {LongestNamesFile} bytes, one name a line", $"{new FileInfo(path).Length}");
        }

        string[] names = File.ReadAllLines(path).Select(l => l.Trim()).Where(l => l.Length > 0).ToArray();
        return names.Length >= count && names.Distinct().Count() == names.Length
            ? names
            : throw new DataFormatException(path, "number of lines", $"at least {count} different names, one a line, as the numbers go up to {count - 1}", $"{names.Distinct().Count()}");
    }
}
