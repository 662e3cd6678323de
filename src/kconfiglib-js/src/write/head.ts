/** What stands above everything in a `.config`. */
export function dotconfigHead(mainmenu: string): string {
  return `#\n# Automatically generated file; DO NOT EDIT.\n# ${mainmenu}\n#\n`;
}
