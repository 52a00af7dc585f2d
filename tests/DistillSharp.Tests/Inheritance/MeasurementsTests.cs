using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Inheritance;

public sealed class MeasurementsTests
{
    [Theory]
    [InlineData("agreement", "kd", 3, "own", "agreement/kd/3/own")]
    [InlineData("fooled", "teacher", null, "other", "fooled/teacher//other")]
    [InlineData("kl", "crd/kd, 50 % \"mix\"\n", -1, "", "kl/crd%2Fkd%2C 50 %25 %22mix%22%0A/-1/")]
    public void Should_Write_A_Heading_That_Reads_Back(string measure, string method, int? seed, string teacher, string heading)
    {
        var key = new MeasurementKey(measure, method, seed, teacher);

        Assert.Equal(heading, key.ToString());
        Assert.Equal(key, MeasurementKey.Parse(heading));
    }

    [Fact]
    public void Should_Read_Back_Every_Bit_And_Every_Word()
    {
        var table = new MeasurementTable("test", [3, 8, 9], [0, 1, 1]);
        table.Add(new MeasurementKey("kl", "kd", 1, "own"), [0.1, double.NaN, 1 / 3.0]);
        table.Add(new MeasurementKey("kl", "independent", 1, "own"), [1e-300, double.PositiveInfinity, -0.0]);
        var facts = new MeasurementFact[]
        {
            new(new MeasurementKey("refused", "teacher", null, "own"), double.NaN, "A comma, a \"quote\"\nand a new line"),
            new(new MeasurementKey("epsilon", "teacher", null, "own"), Math.PI),
        };
        PictureTable[] pictures =
        [
            new("a", "First", "Why, then", ["Image", "Map"],
            [
                new PictureRow("cat, image 3", [new PictureCell("p/1.png", ""), new PictureCell("p/2.png", "cosine 0.5")]),
                new PictureRow("dog, image 8", [new PictureCell("p/3.png", ""), new PictureCell("p/4.png", "")]),
            ]),
        ];

        Measurements read = SubjectFixture.WriteAndRead(new Measurements("a", [table], facts, pictures));

        Assert.Equal(["a.facts.csv", "a.pictures.csv", "a.test.csv"], read.FileNames);
        Assert.Equal(table.Images, read.Tables[0].Images);
        Assert.Equal(table.Labels, read.Tables[0].Labels);
        Assert.Equal(table.Keys, read.Tables[0].Keys);
        Assert.All(table.Keys, k => Assert.Equal(table[k].Select(BitConverter.DoubleToInt64Bits), read.Tables[0][k].Select(BitConverter.DoubleToInt64Bits)));
        Assert.Equal(facts, read.Facts);
        Assert.Equal(pictures[0].Columns, read.Pictures[0].Columns);
        Assert.Equal(pictures[0].Rows[1].Cells, read.Pictures[0].Rows[1].Cells);
    }

    [Theory]
    [InlineData("", "a heading was expected, found an empty file")]
    [InlineData("picture,label\n", "'image,label,...' was expected, found 'picture,label'")]
    [InlineData("image,label,kl\n", "column 3: a heading measure/method/seed/teacher was expected, found 'kl'")]
    [InlineData("image,label,kl/kd/1/own,kl/kd/1/own\n", "the column 'kl/kd/1/own' occurs twice")]
    [InlineData("image,label,kl/kd/1/own\n0,1,0.5\n1,1\n", "row 3: 3 cells were expected, found 2")]
    [InlineData("image,label,kl/kd/1/own\n0,1,many\n", "row 2, column 'kl/kd/1/own': a number was expected, found 'many'")]
    [InlineData("image,label,kl/kd/1/own\n0.5,1,1\n", "row 2, column 'image': a whole number was expected, found '0.5'")]
    public void Should_Say_Where_A_File_Is_Wrong(string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => MeasurementTable.ReadCsv(new StringReader(text), "test"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_Facts_Without_Their_Heading_Or_Twice()
    {
        const string twice = "key,value,text\na/b//,1,\na/b//,2,\n";

        var heading = Assert.Throws<InvalidDataException>(() => Measurements.ReadCsv("a", _ => new StringReader("x,y\n")));
        var repeated = Assert.Throws<InvalidDataException>(() => Measurements.ReadCsv("a", _ => new StringReader(twice)));

        Assert.Contains("a.facts.csv: the heading 'key,value,text' was expected", heading.Message, StringComparison.Ordinal);
        Assert.Contains("the key 'a/b//' occurs 2 times", repeated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_Columns_That_Do_Not_Fit_And_Measurements_Of_Another_Analysis()
    {
        var table = new MeasurementTable("test", [0, 1], [0, 0]);
        table.Add(new MeasurementKey("kl"), [1, 2]);

        Assert.Throws<ArgumentException>(() => table.Add(new MeasurementKey("kl"), [1, 2]));
        Assert.Throws<ArgumentException>(() => table.Add(new MeasurementKey("agreement"), [1]));
        Assert.Throws<ArgumentException>(() => table[new MeasurementKey("agreement")]);
        var other = Assert.Throws<ArgumentException>(() => new FidelityAnalysis().Conclude(
            new Measurements("localization", [table], [], []), new OptionValues([]), new FindingBuilder()));
        Assert.Contains("'fidelity' were expected, found 'localization'", other.Message, StringComparison.Ordinal);
    }
}
