/// One JSON object of somebody else, read field by field: a field that is absent, null, empty or of another type is `nil`.
///
/// A provider may change a field at any time, and must not make us lose a message by it. Read only while decoding.
struct LenientObject: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private let container: KeyedDecodingContainer<Key>?

    /// Never throws: what is no object has no fields, and a list goes on behind it.
    init(from decoder: any Decoder) {
        container = try? decoder.container(keyedBy: Key.self)
    }

    private init(_ container: KeyedDecodingContainer<Key>?) {
        self.container = container
    }

    static var empty: LenientObject { LenientObject(nil) }

    var isObject: Bool { container != nil }

    /// The names of its fields, sorted.
    var names: [String] { container?.allKeys.map(\.stringValue).sorted() ?? [] }

    func text(_ name: String) -> String? {
        guard let text = value(String.self, name), !text.isEmpty else { return nil }
        return text
    }

    /// What is written as a text by some and as a whole number by others.
    func textOrNumber(_ name: String) -> String? {
        text(name) ?? value(Int64.self, name).map(String.init)
    }

    func number(_ name: String) -> Int64? {
        value(Int64.self, name) ?? text(name).flatMap { Int64($0) }
    }

    func isTrue(_ name: String) -> Bool { value(Bool.self, name) ?? false }

    /// The object in that field; one without fields where there is none.
    func object(_ name: String) -> LenientObject {
        value(LenientObject.self, name) ?? .empty
    }

    /// The objects of the list in that field; elements that are none are passed over.
    func objects(_ name: String) -> [LenientObject] { elements(name)?.filter(\.isObject) ?? [] }

    /// The elements of the list in that field, one without fields for each that is no object; `nil` when it is no list.
    func elements(_ name: String) -> [LenientObject]? {
        let key = Key(stringValue: name)
        guard let container, container.contains(key), var list = try? container.nestedUnkeyedContainer(forKey: key) else { return nil }
        var elements: [LenientObject] = []
        while !list.isAtEnd {
            let place = list.currentIndex
            // `init` does not throw, so that what is odd has no fields, as null has none.
            elements.append((try? list.decodeIfPresent(LenientObject.self)) ?? .empty)
            // A decoder that stays where it is would keep us here for ever.
            guard list.currentIndex > place else { break }
        }
        return elements
    }

    /// Whether there is anything in that field, of whatever type, but null.
    func has(_ name: String) -> Bool {
        let key = Key(stringValue: name)
        // What cannot be asked for null is there.
        return container.map { $0.contains(key) && (try? $0.decodeNil(forKey: key)) != true } ?? false
    }

    private func value<Value: Decodable>(_ type: Value.Type, _ name: String) -> Value? {
        // Of another type is as good as absent: that is the point of this type.
        (try? container?.decodeIfPresent(type, forKey: Key(stringValue: name))) ?? nil
    }
}
