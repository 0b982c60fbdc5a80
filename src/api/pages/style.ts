/** The style sheet of the page at `/`. Text has a contrast of 7:1 or better on its ground, borders of controls 3:1. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #f6f7f9;
  --card: #ffffff;
  --text: #1a1f29;
  --quiet: #4a5262;
  --line: #d7dbe3;
  --control: #767f90;
  --accent: #0b4f9e;
  --on-accent: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b;
    --card: #1b2028;
    --text: #eceff4;
    --quiet: #b4bccb;
    --line: #323947;
    --control: #8a93a5;
    --accent: #8fc1ff;
    --on-accent: #0c1420;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 1.0625rem/1.55 system-ui, sans-serif;
}
main {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 1.5rem;
  max-width: 42rem;
  margin: 0 auto;
  padding: clamp(1.25rem, 5vw, 3.5rem) 1.25rem;
}
h1 { margin: 0; font-size: 2rem; letter-spacing: -0.02em; }
h2 { margin: 0 0 1rem; font-size: 1.125rem; }
header p { margin: 0.5rem 0 0; color: var(--quiet); }
form, section {
  padding: 1.5rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 0.75rem;
}
form p:last-child { margin: 0; }
.field { display: grid; gap: 0.25rem; margin: 0 0 1rem; }
label { font-weight: 600; }
.hint { color: var(--quiet); font-size: 0.9375rem; }
input, button {
  width: 100%;
  min-height: 2.75rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--control);
  border-radius: 0.5rem;
  background: var(--card);
  color: inherit;
  font: inherit;
}
button {
  border-color: var(--accent);
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  cursor: pointer;
}
@media (min-width: 36rem) {
  button { width: auto; padding-inline: 1.5rem; }
  input[type="date"] { width: 14rem; }
}
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
pre {
  margin: 0 0 1rem;
  padding: 0.75rem 1rem;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  background: var(--ground);
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  font-size: 0.9375rem;
}
ul { margin: 0; padding-left: 1.25rem; }
li + li { margin-top: 0.375rem; }
`;
