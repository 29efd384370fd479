import Foundation
import Messaging
import Signing
import TestSupport
import Testing
import Wire

struct FreshchatWebhookTests {
    /// A key as the settings show it, and a body signed with its other half.
    private struct Signed {
        let publicKey: String
        let body: [UInt8]
        let signature: String

        init() throws {
            let directory = try TemporaryDirectory()
            func openssl(_ words: String...) throws -> String {
                let result = try Programs.run("openssl", words)
                guard result.status == 0 else { throw Failure("openssl \(words[0]): \(result.errors)") }
                return result.output
            }
            let key = try directory.write(try openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"), to: "key")
            let base64 = try openssl("pkey", "-in", key, "-pubout").split(separator: "\n").dropFirst().dropLast().joined()
            publicKey = "-----BEGIN RSA PUBLIC KEY----- \(base64) -----END RSA PUBLIC KEY-----"
            let text = FreshchatWebhookTests.webhook()
            body = Array(text.utf8)
            let file = try directory.write(text, to: "body")
            _ = try openssl("dgst", "-sha256", "-sign", key, "-out", directory.file("signature"), file)
            signature = try Data(contentsOf: URL(filePath: directory.file("signature"))).base64EncodedString()
        }
    }

    private static let signed = Result { try Signed() }

    static func webhook(
        action: String = #""message_create""#, actor: String = #"{"actor_type":"user","actor_id":"user-3"}"#,
        parts: String = #"[{"text":{"content":"Stop 12345678"}}]"#,
        message: String =
            #""actor_type":"user","message_type":"normal","user_id":"user-1","actor_id":"user-2","id":"message-1","channel_id":"channel-1","#
            + #""freshchat_channel_id":"854617","conversation_id":"conversation-1","created_time":"2026-07-18T12:00:00.866Z""#
    ) -> String {
        #"{"actor":\#(actor),"action":\#(action),"action_time":"2026-07-18T12:00:00.875Z","data":{"message":{"message_parts":\#(parts),\#(message)}}}"#
    }

    private func read(_ body: String) throws -> FreshchatMessage? { try FreshchatWebhook.read(Array(body.utf8)) }

    @Test func verifiesWhatItsOwnerSigned() throws {
        let signed = try Self.signed.get()
        #expect(try FreshchatWebhook(publicKey: signed.publicKey).verifies(signature: signed.signature, body: signed.body))
    }

    @Test func refusesEveryOtherSignatureAndBody() throws {
        let signed = try Self.signed.get()
        let webhook = try FreshchatWebhook(publicKey: signed.publicKey)
        #expect(!webhook.verifies(signature: signed.signature, body: signed.body + [0x0A]))
        #expect(!webhook.verifies(signature: signed.signature, body: Array(Self.webhook(actor: "{}").utf8)))
        for signature in [nil, "", "=", "%", " " + signed.signature + "*", String(signed.signature.dropLast(4)), "sha256=" + signed.signature] {
            #expect(!webhook.verifies(signature: signature, body: signed.body), "\(signature ?? "none")")
        }
        let another = try FreshchatWebhook(publicKey: Signed().publicKey)
        #expect(!another.verifies(signature: signed.signature, body: signed.body))
    }

    /// Public snippets take the key for a shared secret; whoever knows it, and it is public, could then sign.
    @Test func takesNoHMAC() throws {
        let signed = try Self.signed.get()
        let webhook = try FreshchatWebhook(publicKey: signed.publicKey)
        let base64 = String(signed.publicKey.split(separator: " ")[4])
        for secret in [Array(signed.publicKey.utf8), Array(base64.utf8), Array(Data(base64Encoded: base64) ?? Data())] {
            for code in [try HMACKey(secret).code(of: signed.body), try HMACKey(secret, .sha1).code(of: signed.body)] {
                for signature in [Data(code).base64EncodedString(), Digest.hex(code), "sha256=" + Digest.hex(code)] {
                    #expect(!webhook.verifies(signature: signature, body: signed.body))
                }
            }
        }
    }

    @Test func refusesWhatIsNoKey() {
        #expect(throws: CryptoError.self) { try FreshchatWebhook(publicKey: "secret") }
    }

    @Test func readsAMessage() throws {
        #expect(
            try read(Self.webhook())
                == FreshchatMessage(
                    id: "message-1", conversationID: "conversation-1", userID: "user-1", channelIDs: ["channel-1", "854617"],
                    content: .text("Stop 12345678"), sentAt: Timestamp(unixMilliseconds: 1_784_376_000_866)))
    }

    @Test(arguments: [
        webhook(action: #""conversation_assignment""#), webhook(action: #""conversation_resolution""#), webhook(action: "null"),
        webhook(message: #""actor_type":"agent","message_type":"normal","user_id":"u","id":"m""#),
        webhook(message: #""actor_type":"bot","message_type":"normal","user_id":"u","id":"m""#),
        webhook(message: #""actor_type":"system","message_type":"normal","user_id":"u","id":"m""#),
        webhook(actor: #"{"actor_type":"agent"}"#),
        webhook(actor: "{}", message: #""message_type":"normal","user_id":"u","id":"m""#),
        webhook(message: #""actor_type":"user","message_type":"private","user_id":"u","id":"m""#),
        webhook(message: #""actor_type":"user","message_type":"system","user_id":"u","id":"m""#),
        webhook(message: #""actor_type":"user","user_id":"u","id":"m""#),
        webhook(message: #""actor_type":"user","message_type":"normal","user_id":"u""#),
        webhook(actor: #"{"actor_type":"user"}"#, message: #""actor_type":"user","message_type":"normal","id":"m""#),
        "{}", #"{"action":"message_create","data":[]}"#, #"{"action":"message_create","data":{"message":"Stop"}}"#,
    ])
    func passesOverEverythingElse(_ body: String) throws {
        #expect(try read(body) == nil)
    }

    @Test(arguments: ["", "[]", "null", "Stop 12345678"]) func refusesWhatIsNoObject(_ body: String) {
        #expect(throws: JSONRefusal.self) { try read(body) }
    }

    @Test(arguments: [
        (
            #"[{"text":{"content":"Stop"}},{"image":{"url":"https://a.example/1"}},{"text":{"content":"12345678"}}]"#,
            InboundMessage.Content.text("Stop 12345678")
        ),
        (#"[null,{"text":{"content":"Stop"}},7]"#, .text("Stop")),
        (#"[{"image":{"url":"https://a.example/1"}}]"#, .unreadable(kind: "image")),
        (#"[{"file":{"name":"Stop 12345678"}}]"#, .unreadable(kind: "file")),
        (#"[{"email":{"subject":"Stop","content":"Stop 12345678"}}]"#, .unreadable(kind: "email")),
        (#"[{"quick_reply_button":{"custom_reply_text":"Stop 12345678"}}]"#, .unreadable(kind: "quick_reply_button")),
        (#"[{"text":{"content":""}}]"#, .unreadable(kind: "text")),
        (#"[{"text":{"content":7}}]"#, .unreadable(kind: "text")),
        ("[]", .unreadable(kind: "empty")), ("null", .unreadable(kind: "empty")), (#""Stop""#, .unreadable(kind: "empty")),
    ])
    func readsTheParts(_ parts: String, _ content: InboundMessage.Content) throws {
        #expect(try read(Self.webhook(parts: parts))?.content == content)
    }

    @Test(arguments: [
        (#""user_id":"u1","actor_id":"u2""#, #""actor_id":"u3""#, "u1"), (#""actor_id":"u2""#, #""actor_id":"u3""#, "u2"),
        (#""user_id":"","actor_id":null"#, #""actor_id":"u3""#, "u3"),
    ])
    func findsTheUser(_ fields: String, _ actor: String, _ user: String) throws {
        let message = try read(
            Self.webhook(actor: #"{"actor_type":"user",\#(actor)}"#, message: #""actor_type":"user","message_type":"normal","id":"m",\#(fields)"#))
        #expect(message?.userID == user)
        #expect(message?.conversationID == nil)
        #expect(message?.channelIDs == [])
        // The time of the action stands in for that of the message.
        #expect(message?.sentAt == Timestamp(unixMilliseconds: 1_784_376_000_875))
    }

    @Test func comesBackFromJSONUnchanged() throws {
        let message = try #require(try read(Self.webhook()))
        #expect(try JSON.decode(FreshchatMessage.self, from: JSON.encode(message)) == message)
    }
}
