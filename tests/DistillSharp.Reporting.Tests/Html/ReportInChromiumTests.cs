using DistillSharp.Reporting.Tests.Samples;
using Microsoft.Playwright;

namespace DistillSharp.Reporting.Tests.Html;

public sealed class ReportInChromiumTests : IClassFixture<Chromium>, IDisposable
{
    /// <summary>Texts whose contrast is below WCAG's 4.5:1, with the contrast.</summary>
    private const string ContrastScript = """
        () => {
          const channels = text => text.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const back = element => {
            for (; element; element = element.parentElement) {
              const colour = channels(getComputedStyle(element).backgroundColor);
              if (colour.length < 4 || colour[3] === 1) return colour;
            }
            return [255, 255, 255];
          };
          const faint = [];
          for (const element of document.querySelectorAll('body *:not(script):not(svg *)')) {
            const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
            if (!own || !element.checkVisibility()) continue;
            const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(back(element))];
            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (contrast < 4.5) faint.push(`${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 30)}" ${contrast.toFixed(2)}`);
          }
          return faint;
        }
        """;

    private readonly Chromium chromium;
    private readonly TemporaryFolder folder = new();
    private readonly string address;

    public ReportInChromiumTests(Chromium chromium)
    {
        this.chromium = chromium;
        SampleFolder.Write(folder.Path, SampleStudy.Create());
        address = new Uri(ReportWriter.Write(folder.Path).Html).AbsoluteUri;
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Should_draw_every_chart_offline_and_without_complaint(int width, ColorScheme scheme)
    {
        var page = await chromium.NewPageAsync(width, 900, scheme);
        var complaints = new List<string>();
        var requests = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => requests.Add(request.Url);

        await OpenAsync(page);

        Assert.Empty(complaints);
        Assert.All(requests, request => Assert.True(request == address || request.StartsWith("data:", StringComparison.Ordinal), request));
        var charts = await page.Locator(".chart-figure").CountAsync();
        Assert.Equal(13, charts);
        Assert.Equal(charts, await page.Locator(".chart svg.marks").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('.chart svg.marks')].every(svg => svg.querySelectorAll('path, line, rect').length > 8)"));
        Assert.True(await page.EvaluateAsync<bool>("[...document.images].every(image => image.complete && image.naturalWidth === 32)"));
    }

    [Theory]
    [InlineData(390)]
    [InlineData(768)]
    [InlineData(1280)]
    public async Task Should_never_scroll_sideways(int width)
    {
        var page = await chromium.NewPageAsync(width, 844);
        await OpenAsync(page);

        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('.chart svg.marks')].every(svg => svg.getBoundingClientRect().right <= innerWidth)"));
    }

    [Fact]
    public async Task Should_be_readable_without_scripts()
    {
        var page = await chromium.NewPageAsync(1280, 900, javaScript: false);
        await page.GotoAsync(address);

        Assert.Contains("The charts are drawn by a script", await page.Locator("noscript").InnerTextAsync());
        Assert.Equal(15, await page.Locator("table.findings tbody tr").CountAsync());
        Assert.Contains("Inherited", await page.Locator("table.glance .badge").First.InnerTextAsync());

        // What charts by strength and group show is in tables of their own.
        Assert.Equal(9 + 6 + 9, await page.Locator("table.levels tbody tr").CountAsync());
        Assert.True(await page.Locator("table.levels").First.IsVisibleAsync());
        Assert.Contains("[91.0, 94.8]", await page.Locator("table.levels td").First.InnerTextAsync());
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Should_keep_text_apart_from_its_background(ColorScheme scheme)
    {
        var page = await chromium.NewPageAsync(1280, 900, scheme);
        await OpenAsync(page);

        var faint = await page.EvaluateAsync<string[]>(ContrastScript);

        Assert.Empty(faint);
    }

    private async Task OpenAsync(IPage page)
    {
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync("html[data-charts=drawn]", new() { State = WaitForSelectorState.Attached });
    }
}
