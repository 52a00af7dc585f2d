using DistillSharp.Reporting.Presentation;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DistillSharp.Reporting.Html;

/// <summary>Renders a report as one HTML page that needs no other file and no network.</summary>
internal static class HtmlReport
{
    public static async Task<string> RenderAsync(Report report)
    {
        var services = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
            await using (renderer.ConfigureAwait(false))
            {
                return await renderer.Dispatcher.InvokeAsync(async () =>
                {
                    var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ReportPage.Report)] = report });
                    var page = await renderer.RenderComponentAsync<ReportPage>(parameters).ConfigureAwait(false);
                    return page.ToHtmlString();
                }).ConfigureAwait(false);
            }
        }
    }
}
