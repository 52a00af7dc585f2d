using DistillSharp.Tables;
using FsCheck;
using FsCheck.Fluent;

namespace DistillSharp.Tests.Tables;

public class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a|b/1|2")]
    [InlineData("a,b\r\n1,2", "a|b/1|2")]
    [InlineData("a,b\r", "a|b")]
    [InlineData(",\n", "|")]
    [InlineData("\"a,\"\"b\"\"\",\"c\nd\"\n", "a,\"b\"|c\nd")]
    [InlineData("\"\",x", "|x")]
    [InlineData("a\rb,c", "a\rb|c")]
    [InlineData("", "")]
    public void Should_read_records(string text, string wanted) =>
        Assert.Equal(wanted, string.Join('/', Read(text).Select(r => string.Join('|', r.Cells))));

    [Fact]
    public void Should_count_lines_inside_quotes() =>
        Assert.Equal([1, 2, 5], Read("a\n\"b\n\nc\"\nd\n").Select(r => r.Line));

    [Theory]
    [InlineData("a\nb\"c\n", "line 2: a quote stands inside")]
    [InlineData("a\n\"b\"c\n", "line 2: a comma or the end of the line")]
    [InlineData("a\n\"b\n\n", "line 2: a quote that opens")]
    public void Should_refuse_stray_quotes(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void Should_read_back_what_is_written()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<NonNull<string>>>(), cells =>
        {
            string[] wanted = [.. cells.Get.Select(c => c.Get)];
            var writer = new StringWriter();
            Csv.WriteRecord(writer, wanted);
            return Read(writer.ToString()).Single().Cells.SequenceEqual(wanted);
        }).QuickCheckThrowOnFailure();
    }

    private static List<(int Line, string[] Cells)> Read(string text)
    {
        var reader = new CsvReader(new StringReader(text));
        var records = new List<(int, string[])>();
        while (reader.Read() is { } cells)
        {
            records.Add((reader.Line, cells));
        }

        return records;
    }
}
