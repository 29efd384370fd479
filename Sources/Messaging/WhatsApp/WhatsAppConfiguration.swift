/// The access to WhatsApp's Business Cloud API.
package struct WhatsAppConfiguration: Sendable {
    /// The app's secret, with which Meta signs what it sends.
    package var appSecret: String
    /// Our own word that proves to Meta that the address is ours; absent: the address cannot be verified.
    package var verifyToken: String?
    /// With which we send; absent: messages come in and cannot be answered.
    package var accessToken: String?
    /// Which of our numbers answers where a message does not say; absent: the one that was written to.
    package var phoneNumberID: String?
    package var graphURL: String
    /// `v25.0` or `25.0`.
    package var graphVersion: String
    /// What the names of our approved templates begin with.
    package var templatePrefix: String

    package init(
        appSecret: String, verifyToken: String? = nil, accessToken: String? = nil, phoneNumberID: String? = nil,
        graphURL: String = "https://graph.facebook.com", graphVersion: String = "v25.0", templatePrefix: String = "vendlock_"
    ) {
        self.appSecret = appSecret
        self.verifyToken = verifyToken
        self.accessToken = accessToken
        self.phoneNumberID = phoneNumberID
        self.graphURL = graphURL
        self.graphVersion = graphVersion
        self.templatePrefix = templatePrefix
    }
}
