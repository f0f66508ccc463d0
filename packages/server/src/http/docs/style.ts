/** Style of the reference page; a file of its own, because the page's policy allows no inline style. */
export const docsStyle = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; padding: .5rem 0; }
h2 { border-bottom: 1px solid color-mix(in oklch, currentColor 20%, transparent); padding-bottom: .25rem; margin-top: 2.5rem; }
h3 { font-weight: 500; margin: 1.5rem 0 .25rem; }
h3 b { display: inline-block; min-width: 4rem; font-size: .8rem; }
p { margin: .25rem 0; }
table { border-collapse: collapse; margin: .5rem 0; }
td, th { border: 1px solid color-mix(in oklch, currentColor 15%, transparent); padding: .25rem .5rem; vertical-align: top; text-align: left; }
details { margin: .25rem 0 .25rem 4rem; overflow-x: auto; }
summary { cursor: pointer; }
small { opacity: .75; }
:target { outline: 2px solid; }
`;
