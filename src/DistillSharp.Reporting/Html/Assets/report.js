// Draws the charts of the page, one after another, from the specifications that stand beside them.
(async () => {
  'use strict';
  const options = {
    mode: 'vega-lite',
    renderer: 'svg',
    ast: true, // interpret expressions: the page's content policy forbids compiling text to code
    actions: { export: true, source: false, compiled: false, editor: false },
  };
  for (const figure of document.querySelectorAll('.chart-figure')) {
    const chart = figure.querySelector('.chart');
    try {
      await vegaEmbed(chart, JSON.parse(figure.querySelector('script').textContent), options);
    } catch (error) {
      chart.textContent = 'This chart could not be drawn: ' + error.message + ' The tables hold its numbers.';
      console.error(error);
    }
  }
  document.documentElement.dataset.charts = 'drawn';
})();
