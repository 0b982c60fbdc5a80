/** The page at `/`. It is plain HTML, works without scripts, and has nothing inline. */
export const START_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>daymark</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/daymark.css">
</head>
<body>
<main>
<header>
<h1>daymark</h1>
<p>How an API treated each of its customers, each day: requests that succeeded and failed, uptime, and
latency, exact, from the request log.</p>
</header>

<form action="/stats" method="get" aria-labelledby="look-up">
<h2 id="look-up">Look a customer up</h2>
<p class="field">
<label for="customer">Customer id</label>
<input id="customer" name="customer_id" required maxlength="255" autocomplete="off" autocapitalize="off"
 spellcheck="false" aria-describedby="customer-hint">
<span class="hint" id="customer-hint">As it stands in the log, for example cust_40.</span>
</p>
<p class="field">
<label for="from">From day</label>
<input id="from" name="from" type="date" required min="0001-01-01" max="9999-12-31" aria-describedby="from-hint">
<span class="hint" id="from-hint">All days from this one on. Days are of UTC, unless TIME_ZONE was set.</span>
</p>
<p><button>Show the days</button></p>
</form>

<section aria-labelledby="programs">
<h2 id="programs">For programs</h2>
<pre><code>GET /customers/cust_40/stats?from=2024-10-01</code></pre>
<ul>
<li><a href="/docs">API documentation</a>: every request, tried out from the page. If the server asks for a key,
“Authorize” takes yours</li>
<li><a href="/openapi.json">OpenAPI document</a>: for generated clients</li>
<li><a href="/health/ready">Readiness</a>: whether the database answers</li>
</ul>
</section>
</main>
</body>
</html>
`;
