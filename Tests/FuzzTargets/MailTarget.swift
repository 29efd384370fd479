import Mail

extension FuzzTarget {
    /// E-mail that comes in.
    static let mail = FuzzTarget(name: "mail") {
        { bytes in
            let message: Message
            do throws(MailError) { message = try Message(reading: bytes, trusting: ["mx.example"]) } catch { return }
            try hold(MailAddress(message.from.address.description) == message.from.address, "the sender reads back as another: \(message.from)")
            try hold(!message.subject.contains { $0.isNewline }, "a subject has two lines: \(message.subject.debugDescription)")
            for text in [message.text, message.quoted] {
                try hold(text.unicodeScalars.count <= Message.longestText, "a text of \(text.unicodeScalars.count) is kept")
            }
            try hold(message.subject.unicodeScalars.count <= Message.longestSubject, "a subject of \(message.subject.unicodeScalars.count) is kept")
            if message.results.server == nil {
                try hold(!message.results.proves(message.from.address), "a sender is proved by nobody")
            }
            _ = message.results.description
        }
    }
}
