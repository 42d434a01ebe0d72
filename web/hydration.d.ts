/** The addresses of the scripts that give a page its handlers; of the build, so none in development. */
declare module "virtual:hydration" {
  const files: string[];
  export default files;
}
