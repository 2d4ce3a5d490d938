/** What is used of FFmpeg's WebAssembly build; the package has no types. */
declare module '@ffmpeg/core' {
  export type Core = Readonly<{
    exec(...args: string[]): number;
    setLogger(log: (line: { message: string }) => void): void;
    FS: {
      mkdir(path: string): void;
      mount(type: unknown, options: object, path: string): void;
      readFile(path: string): Uint8Array;
      analyzePath(path: string): { exists: boolean };
      filesystems: { WORKERFS: unknown };
    };
  }>;
  const load: (options: { wasmBinary: Uint8Array }) => Promise<Core>;
  export default load;
}
