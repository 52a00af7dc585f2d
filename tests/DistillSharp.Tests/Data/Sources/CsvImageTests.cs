using System.Text;
using DistillSharp.Configuration;
using DistillSharp.Data;

namespace DistillSharp.Tests.Data.Sources;

public class CsvImageTests
{
    private const string Train = "file,age,gender,race\ntrain/1.png,3-9,Male,East Asian\ntrain/2.png,0-2,Female,\"Black, mixed\"\n";
    private const string Test = "file,age,gender,race\ntest/1.png,0-2,Female,White\n";

    [Fact]
    public void Should_load_the_layout_of_fairface()
    {
        using PictureFolder folder = Faces();
        using TrainTestData data = Load(folder);
        Assert.Equal(["Female", "Male"], data.Train.ClassNames);
        Assert.Equal([1, 0], data.Train.HostLabels.ToArray());
        Assert.Equal([0], data.Test.HostLabels.ToArray());
        Assert.Equal(["Black, mixed", "East Asian", "White"], data.Train.Attributes[1].ValueNames);
        Assert.Equal([1L], data.Train.IndicesWhere("age", "0-2"));
        Assert.Equal([0L], data.Test.IndicesWhere("race", "White"));
        Assert.Equal(1, data.Train.Images.AsSpan<byte>()[0]);
    }

    [Fact]
    public void Should_take_byte_order_marks_windows_lines_and_empty_lines()
    {
        using PictureFolder folder = Faces();
        string before = Fingerprint(folder);
        folder.Write("train.csv", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Train.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n")]);
        using TrainTestData data = Load(folder);
        Assert.Equal(2, data.Train.Count);
        Assert.NotEqual(before, data.Fingerprint);

        static string Fingerprint(PictureFolder folder)
        {
            using TrainTestData data = Load(folder);
            return data.Fingerprint;
        }
    }

    [Fact]
    public void Should_order_numbers_as_numbers()
    {
        using PictureFolder folder = Faces();
        folder.Write("train.csv", "file,age,gender,race\ntrain/1.png,10,M,a\ntrain/2.png,9,F,b\n"u8).Write("test.csv", "file,age,gender,race\ntest/1.png,100,F,b\n"u8);
        using TrainTestData data = Load(folder);
        Assert.Equal(["9", "10", "100"], data.Train.Attributes[0].ValueNames);
    }

    [Theory]
    [InlineData("", "line 1", "an empty file")]
    [InlineData("file,age,gender\n", "line 1 (columns)", "There is no column 'race'. ")]
    [InlineData("file,age,gender,race,race\n", "line 1 (columns)", "two of that name")]
    [InlineData("file,age,gender,race\n", "records", "none")]
    [InlineData("file,age,gender,race\na.png,1,F\n", "line 2", "3")]
    [InlineData("file,age,gender,race\na.png,1,F,\"x\ny\"\nb.png,1\n", "line 4", "2")]
    [InlineData("file,age,gender,race\na.png,1,F,\"x\n", "csv", "line 2: a quote that opens a cell is never closed")]
    [InlineData("file,age,gender,race\na.png,1,F,\"x\"y\n", "csv", "line 2: a comma or the end of the line was expected after a closing quote, found 'y'")]
    [InlineData("file,age,gender,race\ntrain/1.png,1,,x\n", "line 2, column 'gender'", "an empty cell")]
    [InlineData("file,age,gender,race\n,1,F,x\n", "line 2", "an empty cell")]
    [InlineData("file,age,gender,race\n../a.png,1,F,x\n", "line 2", "'../a.png'")]
    [InlineData("file,age,gender,race\n/etc/a.png,1,F,x\n", "line 2", "'/etc/a.png'")]
    [InlineData("file,age,gender,race\ntrain/1.png,1,F,x\ntrain/1.png,1,F,x\n", "line 3", "'train/1.png', which is also in ")]
    [InlineData("file,age,gender,race\ntest/1.png,1,F,x\n", "line 2", "'test/1.png', which is also in ")]
    public void Should_say_where_a_list_is_wrong(string train, string place, string found)
    {
        using PictureFolder folder = Faces().Write("train.csv", Encoding.UTF8.GetBytes(train));
        var error = Assert.Throws<DataFormatException>(() => Load(folder));
        Assert.Equal(place, error.Place);
        Assert.StartsWith(found, error.Found);
    }

    [Fact]
    public void Should_refuse_unknown_classes_files_and_lists()
    {
        using PictureFolder folder = Faces().Write("test.csv", "file,age,gender,race\ntest/1.png,0-2,Unknown,White\n"u8);
        var error = Assert.Throws<DataFormatException>(() => Load(folder));
        Assert.Equal(("line 2, column 'gender'", "'Unknown'"), (error.Place, error.Found));
        folder.Write("test.csv", "file,age,gender,race\ntest/none.png,0-2,Male,White\n"u8);
        Assert.Contains("test/none.png (there is no such file)", Assert.Throws<DataFormatException>(() => Load(folder)).Found);
        folder.Write("test.csv", [.. "file,age,gender,race\ntest/1.png,0-2,Male,"u8, 0xff]);
        Assert.Equal("text", Assert.Throws<DataFormatException>(() => Load(folder)).Place);
        folder.Remove("test.csv");
        Assert.Contains("test.csv, which is to list images", Assert.Throws<FileNotFoundException>(() => Load(folder)).Message);
    }

    [Fact]
    public void Should_read_boxes_that_go_the_way_of_their_pictures()
    {
        // 6 x 4 pixels each: halved to 3 x 2, of which the left 2 x 2 are kept (half of the one column too many, rounded down, is none).
        using PictureFolder folder = Boxed("train/1.png,Male,2,1,2,2\ntrain/2.png,Female,,,,\ntrain/3.png,Male,5,0,1,4\n", "test/1.png,Female,0.5,0,5.5,4\n");
        using TrainTestData data = LoadBoxed(folder, size: null);
        Assert.Equal([new ImageBox(2, 1, 2, 2), null, new ImageBox(5, 0, 1, 4)], data.Train.Boxes);
        Assert.Equal([new ImageBox(0.5, 0, 5.5, 4)], data.Test.Boxes);
        Assert.Empty(data.Notes);

        using TrainTestData small = LoadBoxed(folder, size: 2);
        Assert.Equal([new ImageBox(1, 0.5, 1, 1), null, null], small.Train.Boxes);
        Assert.Equal([new ImageBox(0.25, 0, 1.75, 2)], small.Test.Boxes);
        Assert.Equal(["Boxes outside of what 'fit: crop' keeps of their pictures: 1; these images have none."], small.Notes);
    }

    [Theory]
    [InlineData("a,1,2,3", "line 2, column 'x'", "a number of pixels, 0 or above (or four empty cells for no box)", "'a'")]
    [InlineData("1,-1,2,3", "line 2, column 'y'", "a number of pixels, 0 or above (or four empty cells for no box)", "'-1'")]
    [InlineData("1,1,0,3", "line 2, column 'width'", "a number of pixels above 0 (or four empty cells for no box)", "'0'")]
    [InlineData("1,1,2,NaN", "line 2, column 'height'", "a number of pixels above 0 (or four empty cells for no box)", "'NaN'")]
    [InlineData("1,,2,3", "line 2, column 'y'", "a number of pixels, 0 or above (or four empty cells for no box)", "an empty cell")]
    public void Should_say_where_a_box_is_wrong(string box, string place, string expected, string found)
    {
        using PictureFolder folder = Boxed($"train/1.png,Male,{box}\ntrain/2.png,Female,,,,\ntrain/3.png,Male,,,,\n", "test/1.png,Female,,,,\n");
        var error = Assert.Throws<DataFormatException>(() => LoadBoxed(folder, size: null));
        Assert.Equal((folder.At("train.csv"), place, expected, found), (error.Origin, error.Place, error.Expected, error.Found));
    }

    [Fact]
    public void Should_name_boxes_outside_of_their_pictures_and_columns_that_are_no_box()
    {
        using PictureFolder folder = Boxed("train/1.png,Male,2,1,5,2\ntrain/2.png,Female,0,3.5,1,1\ntrain/3.png,Male,0,0,6,4\n", "test/1.png,Female,,,,\n");
        var error = Assert.Throws<DataFormatException>(() => LoadBoxed(folder, size: null));
        Assert.Equal("2 of 4 images", error.Place);
        Assert.Equal("train/1.png (a box of 2, 1, 5, 2 in 6 x 4 pixels); train/2.png (a box of 0, 3.5, 1, 1 in 6 x 4 pixels)", error.Found);
        Assert.Contains("takes four different columns (x, y, width, height), found [x, y]", Assert.Throws<ArgumentException>(() => LoadBoxed(folder, size: null, "x", "y")).Message);
        Assert.Contains("takes four different columns", Assert.Throws<ArgumentException>(() => LoadBoxed(folder, size: null, "x", "y", "width", "width")).Message);
        Assert.Contains("no column 'wide'", Assert.Throws<DataFormatException>(() => LoadBoxed(folder, size: null, "x", "y", "wide", "height")).Message);
    }

    private static PictureFolder Boxed(string train, string test) => new PictureFolder()
        .Png("train/1.png", 1).Png("train/2.png", 2).Png("train/3.png", 4).Png("test/1.png", 3)
        .Write("train.csv", Encoding.UTF8.GetBytes("file,gender,x,y,width,height\n" + train)).Write("test.csv", Encoding.UTF8.GetBytes("file,gender,x,y,width,height\n" + test));

    private static TrainTestData LoadBoxed(PictureFolder folder, int? size, params string[] columns)
    {
        var choice = new Choice("csv")
        {
            ["train-file"] = "train.csv",
            ["test-file"] = "test.csv",
            ["label-column"] = "gender",
            ["box-columns"] = columns.Length > 0 ? columns : ["x", "y", "width", "height"],
        };
        if (size is { } side)
        {
            choice["size"] = side;
        }

        return DatasetCatalog.Load(choice, folder.Path);
    }

    private static PictureFolder Faces() => new PictureFolder()
        .Png("train/1.png", 1).Png("train/2.png", 2).Png("test/1.png", 3)
        .Write("train.csv", Encoding.UTF8.GetBytes(Train)).Write("test.csv", Encoding.UTF8.GetBytes(Test));

    private static TrainTestData Load(PictureFolder folder) => DatasetCatalog.Load(
        new Choice("csv") { ["train-file"] = "train.csv", ["test-file"] = "test.csv", ["label-column"] = "gender", ["attribute-columns"] = new[] { "age", "race" } },
        folder.Path);
}
