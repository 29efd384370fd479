import Agent
import FoundationEssentials
import Glibc
import Platform

// Parse, compose, run. Besides `Run`, which finds systemd there, the only file of the agent that reads the command line and the environment.

Log.useJournal(stream: ProcessInfo.processInfo.environment["JOURNAL_STREAM"])
exit(Command.run(Array(CommandLine.arguments.dropFirst())))
