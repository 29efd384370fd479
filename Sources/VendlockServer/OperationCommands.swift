import BackOffice
import Platform
import Store
import StoreSQLite
import Wire

/// `serve`, `backup`, `restore`.
enum OperationCommands {
    static let all = [serve, backup, restore]

    private static let serve = Command(
        words: ["serve"], usage: "serve [--config FILE] [--data DIR] [--listen HOST:PORT]", about: "run the server", options: Serve.options
    ) { context in
        try context.noMore(after: 0)
        try Serve(arguments: context.arguments, environment: context.environment).run()
    }

    /// Of commands that work on the data directory itself.
    static let storeOptions: [Arguments.Option] = [.value("config"), .value("data")]

    private static let backup = Command(
        words: ["backup"], usage: "backup FILE [--data DIR]", about: "copy the store to a new file, also while the server runs", options: storeOptions
    ) { context in
        let file = try context.operand(0, "FILE")
        try context.noMore(after: 1)
        let directory = try directory(context)
        guard try File.exists(directory.store) else { throw Failure("there is no store in \(directory.path). Name the data directory with --data.") }
        try SQLiteStore.backup(from: directory.store, to: file)
        print("backed up to \(file)")
    }

    private static let restore = Command(
        words: ["restore"], usage: "restore FILE [--data DIR]",
        about: "make a data directory from a backup; every revision is raised above what terminals have seen", options: storeOptions
    ) { context in
        let file = try context.operand(0, "FILE")
        try context.noMore(after: 1)
        let directory = try directory(context)
        try directory.create()
        try SQLiteStore.restore(from: file, to: directory.store, now: Timestamp(unixMilliseconds: WallClock.now()))
        print("restored to \(directory.path): start the server with --data \(directory.path)")
    }

    /// `--data`, else that of the configuration, else `VENDLOCK_DATA`.
    static func directory(_ context: Command.Context) throws -> DataDirectory {
        let configured = try context.arguments.value("config").map { try ConfigFile.load(ServerConfiguration.self, from: $0).data } ?? nil
        return DataDirectory(
            path: context.arguments.value("data") ?? configured ?? context.environment["VENDLOCK_DATA"] ?? ServerConfiguration.defaultDirectory)
    }
}
