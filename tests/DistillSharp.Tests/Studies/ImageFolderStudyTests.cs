using System.Text;
using DistillSharp.Configuration;
using DistillSharp.Studies;
using DistillSharp.Tests.Data.Sources;

namespace DistillSharp.Tests.Studies;

/// <summary>A study of picture files, with the real catalogue.</summary>
public sealed class ImageFolderStudyTests : IDisposable
{
    private readonly PictureFolder _folder = PictureFolder.WithClasses();
    private readonly StudyCatalog _catalog = new();

    public void Dispose()
    {
        _catalog.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Should_read_pictures_as_the_study_says()
    {
        StudyReadResult read = Read("size: 28, channels: 1");
        Assert.Empty(read.Problems);
        Assert.Equal((6, 3), (read.Study!.Data.Train, read.Study.Data.Test));
        OptionValues options = read.Study.Data.Reading.Options;
        Assert.Equal([6, 1, 28, 28], _catalog.Load("image-folder", _folder.Path, options).Train.Images.Shape);
        Assert.Same(_catalog.Load("image-folder", _folder.Path, options), _catalog.Load("image-folder", _folder.Path, options));
        StudyReadResult again = StudyReader.Parse(Encoding.UTF8.GetBytes(StudyWriter.ToYaml(read.Study)), _folder.At("study.yaml"), _catalog);
        Assert.Equal(read.Study, again.Study);
    }

    [Fact]
    public void Should_report_broken_files_at_the_path_and_note_those_that_are_skipped()
    {
        _folder.Write("train/cat/bad.jpg", "text"u8);
        StudyProblem problem = Assert.Single(Read("size: 28, channels: 1").Problems);
        Assert.Equal("data.path", problem.Path);
        Assert.Contains("train/cat/bad.jpg (neither JPEG nor PNG, but text)", problem.Message, StringComparison.Ordinal);

        StudyReadResult skipping = Read("size: 28, channels: 1, skip-broken: true");
        Assert.Empty(skipping.Problems);
        Assert.Contains("1 of 10 files", Assert.Single(skipping.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_report_options_that_the_files_refuse()
    {
        Assert.Contains("1 (grey) or 3 (colours), found 2", Assert.Single(Read("size: 28, channels: 2").Problems).Message, StringComparison.Ordinal);
        _folder.Png("train/cat/c.png", 1, width: 9);
        Assert.Contains("or give the option 'size'", Assert.Single(Read("channels: 1").Problems).Message, StringComparison.Ordinal);
    }

    private StudyReadResult Read(string options) => StudyReader.Parse(
        Encoding.UTF8.GetBytes($$"""
            study: pictures
            data: { name: image-folder, path: ., {{options}} }
            students: { model: convnet, methods: [independent] }
            budget: { epochs: 1, batch-size: 2 }
            """),
        _folder.At("study.yaml"),
        _catalog);
}
