/**
 * The commands that run the local Azure import this. On Windows it says what is not supported there and ends: its App
 * Service starts apps with a POSIX shell and ends them by process group, and neither was ever tried on Windows.
 */
if (process.platform === "win32") {
  process.stderr.write(
    "The local Azure runs on Linux and macOS. On Windows it is not supported outside WSL: its App Service starts apps\n" +
      "with a POSIX shell. Fix: open a WSL terminal (wsl --install), clone this project there, and use the same commands.\n" +
      "npx pulumi up, against Azure, works on Windows as it is.\n",
  );
  process.exit(1);
}

export {};
