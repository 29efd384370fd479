import Messaging
import Testing

struct ProviderTests {
    @Test func theNamesAreThoseOfTheConfiguration() {
        #expect(
            Provider.allCases.map(\.rawValue) == [
                "whatsapp", "freshchat", "twilio", "africastalking", "clickatell", "ussd", "email", "alerts", "webhooks",
            ])
    }
}
