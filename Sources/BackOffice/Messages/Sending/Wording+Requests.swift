import Messaging
import Store
import Wire

extension Wording {
    /// What a step of a request means for its vendor. The template is called like the text, and takes its parameters in the text's order.
    func request(_ number: Int64, _ key: TextKey, in reader: any StoreReader) throws -> Words? {
        guard let request = try reader.request(number), let reference = request.account, let account = try reader.account(reference) else {
            return nil
        }
        let details = try RequestDetails(stored: request.details)
        let catalogue = Catalogue.of(account.language)
        let terminal = try request.imei.map { Self.name(of: $0, try reader.device($0)) }
        let facts: [(name: String, value: String?)] = [
            ("ticket", TicketNumber(number).description), ("email", email ?? "our support address"), ("channel", details.channel?.text),
            ("terminal", terminal), ("reference_tail", "…" + reference.text.suffix(4)), ("amount", details.amountCents.map(Money.text)),
        ]
        let known = Dictionary(uniqueKeysWithValues: facts.compactMap { fact in fact.value.map { (fact.name, $0) } })
        let template = Catalogue.english.texts[key] ?? ""
        return Words(
            text: catalogue.text(key, known), template: key.rawValue, language: catalogue.language,
            parameters: facts.filter { template.contains("{\($0.name)}") }.map { $0.value ?? "" })
    }
}
