/**
 * What the command line lends the terminal UI: loaders and writers that know of files, caches and
 * workers. A screen whose service is missing does not offer what needs it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: services are added with the screens that need them.
export interface Services {}
