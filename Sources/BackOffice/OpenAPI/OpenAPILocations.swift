import Store

/// The schemas of positions and visits, for `/openapi.json`.
enum OpenAPILocations {
    private static let states = VisitRecord.State.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")

    static let text = #"""
        "Position":{"type":"object","required":["lat","lon"],"properties":{
          "lat":{"type":"number","minimum":-90,"maximum":90,"description":"Degrees, north positive (WGS 84)."},
          "lon":{"type":"number","minimum":-180,"maximum":180,"description":"Degrees, east positive."},
          "accuracy_m":{"type":"number","description":"Metres around it within which it probably is; absent: unknown."},
          "fixed_at":{"$ref":"#/components/schemas/Time"},"source":{"type":"string","examples":["gpsd","phone"]}}},
        "LocationRequest":{"type":"object","required":["id","asked_at","expires_at"],"properties":{
          "id":{"type":"string","description":"The answer's 'command'."},"asked_at":{"$ref":"#/components/schemas/Time"},
          "expires_at":{"allOf":[{"$ref":"#/components/schemas/Time"}],"description":"From then on the terminal is asked no more."}}},
        "LocationList":{"type":"object","required":["locations"],"properties":{"locations":{"type":"array","items":{"type":"object","required":["received_at"],
          "properties":{"received_at":{"$ref":"#/components/schemas/Time"},"lat":{"type":"number","description":"Absent with lon when it did not know."},
          "lon":{"type":"number"},"accuracy_m":{"type":"number"},"source":{"type":"string"},"fixed_at":{"$ref":"#/components/schemas/Time"},
          "command":{"type":"string","description":"The location request that it answers."},
          "why":{"type":"string","description":"Why there is no position.","examples":["no_fix","no_gpsd"]}}}},
          "request":{"allOf":[{"$ref":"#/components/schemas/LocationRequest"}],"description":"What it is being asked; absent: nothing."},
          "next":{"type":"string"}}},
        "VisitList":{"type":"object","required":["visits"],"properties":{"visits":{"type":"array","items":{"type":"object",
          "required":["id","imei","by","at","phone","state"],"properties":{"id":{"type":"string"},"ticket":{"type":"string","examples":["VL-1042"]},
          "account":{"$ref":"#/components/schemas/Reference"},"imei":{"$ref":"#/components/schemas/IMEI"},"by":{"type":"string"},"role":{"type":"string"},
          "at":{"$ref":"#/components/schemas/Time"},"phone":{"$ref":"#/components/schemas/Position"},"device":{"$ref":"#/components/schemas/Position"},
          "distance_m":{"type":"number","description":"Metres between telephone and terminal."},
          "address_distance_m":{"type":"number","description":"Metres between telephone and the address's last known position."},
          "state":{"type":"string","description":"satisfied: at most 200 m apart beyond both accuracies.","enum":[STATES]},
          "settled_at":{"$ref":"#/components/schemas/Time"},"note":{"type":"string"}}}}}}
        """#.replacing("STATES", with: states)
}
