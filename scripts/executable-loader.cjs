/**
 * The first script of the single executable and of its threads. It loads the program's scripts out of the executable, each once and
 * only when it is needed. One script with everything took three times as long to start, and 50 MB more. `scripts/executable.ts` puts
 * a call of `load` behind it.
 */
const { getAsset } = require('node:sea');
const vm = require('node:vm');

const modules = new Map();

function load(name) {
  const known = modules.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(name, module);
  const wrapped = vm.compileFunction(
    getAsset(`program/${name}`, 'utf8'),
    ['exports', 'require', 'module', '__filename', '__dirname'],
    { filename: `/daymark/${name}`, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
  );
  wrapped(module.exports, requireOf, module, `/daymark/${name}`, '/daymark');
  return module.exports;
}

/** A script beside it, or a module of Node. There is nothing else in the executable. */
function requireOf(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name);
}
