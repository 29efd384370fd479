import Glibc
import Platform

// Runs the command and turns its outcome into an exit status.
Log.useJournal(stream: Program.readEnvironment()["JOURNAL_STREAM"])
do {
    try Program.run(Array(CommandLine.arguments.dropFirst()))
} catch let error as CommandLineError {
    Log.failure(of: "vendlock-server", "\(error)")
    exit(error.exitStatus)
} catch {
    Log.failure(of: "vendlock-server", "\(error)")
    exit(1)
}
