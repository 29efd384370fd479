import Glibc
import Platform
import TestSupport
import Wire

// A provider's place taken in a process of its own, for the demo and the benchmark: shows each message that it is sent, one line each.

let usage = "provider-stand-in graph [--port N] [--token T] [--phone-number-id ID] [--no-pair-limit]"

/// Whole lines, at once: who reads them waits for them.
@Sendable func show(_ line: String, on descriptor: Int32 = 1) {
    var rest = Array((line + "\n").utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        // Nobody reads any more.
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

do {
    let arguments = try Arguments(
        CommandLine.arguments.dropFirst(),
        options: [.value("port"), .value("token"), .value("phone-number-id"), .flag("no-pair-limit"), .flag("help")])
    if arguments.has("help") {
        show(usage)
        exit(0)
    }
    guard arguments.words == ["graph"], let port = UInt16(arguments.value("port") ?? "0") else { throw CommandLineError("usage: \(usage)") }
    let graph = try GraphStandIn(
        token: arguments.value("token") ?? "graph-token", phoneNumberID: arguments.value("phone-number-id") ?? "200000000000002",
        pairLimit: arguments.has("no-pair-limit") ? nil : .meta, port: port,
        onSent: { sent in
            let text =
                switch sent.content {
                case .text(let body): body
                case .template(let name, let language, let parameters): "template \(name) (\(language)): \(parameters.joined(separator: " | "))"
                }
            show("\(sent.time) \(sent.to) \(text.split(whereSeparator: \.isNewline).joined(separator: " "))")
        },
        onViolation: { show("refused: \($0)", on: 2) })
    show("WhatsApp's stand-in listens on \(graph.url)")
    while true { pause() }
} catch let error as CommandLineError {
    show("provider-stand-in: \(error)", on: 2)
    exit(error.exitStatus)
} catch {
    show("provider-stand-in: \(error)", on: 2)
    exit(1)
}
