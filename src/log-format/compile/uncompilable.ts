/** The kernel cannot run the format. The compiler throws and catches it. */
export class Uncompilable extends Error {}
