import BackOffice
import HTTPClient
import Platform
import Synchronization
import Wire

/// `account import` and `account export`.
enum AccountFileCommands {
    static let all = [importFile, exportFile]

    /// As much as the server takes.
    private static let largestFile = 32 << 20
    /// For a file of that size on a slow disk.
    private static let patience = Duration.seconds(3600)
    /// Of one page of an export.
    private static let pageSize = 10_000

    private static let importFile = Command(
        words: ["account", "import"], usage: "account import FILE.csv [--skip-bad] [--dry-run]",
        about: "create accounts from a file, all or none; its first line names the columns: "
            + AccountColumn.allCases.map(\.rawValue).joined(separator: ", "),
        options: APIClient.options + [.flag("skip-bad"), .flag("dry-run")]
    ) { context in
        let path = try context.operand(0, "FILE.csv")
        try context.noMore(after: 1)
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try File.read(path, limit: largestFile) } catch {
            guard error.isTooLarge else { throw error }
            throw Failure("\(path) is larger than 32 MiB. Split it, each part with the line that names the columns.")
        }
        let query = "skip_bad=\(context.arguments.has("skip-bad"))&dry_run=\(context.arguments.has("dry-run"))"
        let client = try context.client()
        let response = try watched(client) {
            try client.response("POST", "/v1/accounts/import?\(query)", body: bytes, contentType: "text/csv", timeout: patience)
        }
        // Anything else than a list of rows is said by `succeeded`.
        if response.status == 422, let refusal = try? JSON.decode(ImportRefusalBody.self, from: response.body) {
            if context.wantsJSON { print(String(decoding: response.body, as: UTF8.self)) }
            throw Failure(refused(refusal, path))
        }
        let answer = try client.succeeded(response)
        try context.show(answer, lines(JSON.decode(ImportAnswerBody.self, from: answer)))
    }

    private static func refused(_ refusal: ImportRefusalBody, _ path: String) -> String {
        if refusal.errors.count == 1, let only = refusal.errors.first { return "\(path): \(line(only)). Nothing was imported." }
        return "\(path): \(refusal.error_count) errors, nothing was imported. Mend them, or leave those rows out with --skip-bad.\n"
            + listed(refusal.errors, of: refusal.error_count).joined(separator: "\n")
    }

    private static func lines(_ answer: ImportAnswerBody) -> [String] {
        let made = answer.dry_run ? "accounts would be created; nothing was changed" : "accounts created"
        return ["\(answer.created) \(made)"] + (answer.skipped > 0 ? ["\(answer.skipped) rows left out:"] : [])
            + listed(answer.errors, of: answer.error_count)
    }

    private static func listed(_ errors: [RowError], of count: Int) -> [String] {
        errors.map { "  " + line($0) } + (count > errors.count ? ["  and \(count - errors.count) more"] : [])
    }

    private static func line(_ error: RowError) -> String {
        "line \(error.line)\(error.column.map { ", \($0)" } ?? ""): \(error.detail) (\(error.code))"
    }

    /// Runs the request on a thread and shows meanwhile how far the server is.
    private static func watched(_ client: APIClient, _ request: @escaping @Sendable () throws -> HTTPClientResponse) throws -> HTTPClientResponse {
        let ended = Ended()
        let thread = try WorkerThread(name: "import", stackSize: 1 << 20) { ended.set(Result(catching: request)) }
        var bar = ProgressBar()
        while !ended.wait(.milliseconds(250)) {
            // What is not known is not shown; the request itself says what is wrong.
            guard let progress = try? client.get(ImportProgressBody.self, "/v1/accounts/import"), progress.phase != .idle else { continue }
            bar.show(progress.phase.rawValue, progress.done, of: progress.total)
        }
        thread.join()
        bar.finish()
        return try ended.result()
    }

    /// A result that another thread waits for.
    private final class Ended: @unchecked Sendable {
        private let monitor = Monitor()
        /// Guarded by the monitor.
        private var value: Result<HTTPClientResponse, any Error>?

        func set(_ result: Result<HTTPClientResponse, any Error>) {
            monitor.locked {
                value = result
                monitor.broadcast()
            }
        }

        /// Whether it is there after at most that time.
        func wait(_ time: Duration) -> Bool {
            monitor.locked {
                if value == nil { monitor.wait(atMost: time) }
                return value != nil
            }
        }

        func result() throws -> HTTPClientResponse {
            guard let value = monitor.locked({ value }) else { throw Failure("the import was not answered") }
            return try value.get()
        }
    }

    // MARK: Export

    private static let exportFile = Command(
        words: ["account", "export"], usage: "account export [FILE.csv]",
        about: "write the open accounts to a new file (without FILE: to the output) that can be imported; holds and notes are not in it",
        options: APIClient.options
    ) { context in
        try context.noMore(after: 1)
        let client = try context.client()
        guard let path = context.operands.first else {
            return try pages(client) { try Output.write($0) }
        }
        guard try !File.exists(path) else { throw Failure("there is a file at \(path) already. Name another, or move it away.") }
        let file = try AppendFile(path, mode: 0o600)
        do {
            try pages(client) { try file.append($0) }
            try file.synchronise()
        } catch {
            try File.remove(path)
            throw error
        }
        try context.show(JSON.encode(["bytes": file.size]), ["the open accounts are in \(path), \(file.size) bytes"])
    }

    /// Each page of the export in turn.
    private static func pages(_ client: APIClient, _ take: ([UInt8]) throws -> Void) throws {
        var path: String? = "/v1/accounts/export?limit=\(pageSize)"
        while let next = path {
            let response = try client.response("GET", next, timeout: .seconds(120))
            try take(client.succeeded(response))
            path = response.header("Link").flatMap { link in
                link.contains("rel=\"next\"") ? link.split(separator: ">").first.map { String($0.dropFirst()) } : nil
            }
        }
    }
}
