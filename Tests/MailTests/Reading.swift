import Mail

/// Reads a message written here, its lines ended as they are on the wire.
func read(_ lines: String, trusting: [String] = ["mx.example.com"]) throws -> Message {
    try Message(reading: Array(lines.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8), trusting: trusting)
}

/// Reads a message with this header, and a From field.
func read(header: String, trusting: [String] = ["mx.example.com"]) throws -> Message {
    try read(header + "\nFrom: sender@example.net\n\nHello\n", trusting: trusting)
}
