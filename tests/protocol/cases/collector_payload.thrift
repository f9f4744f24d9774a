// The record between collector and enrich, with the field numbers that running collectors write.
struct CollectorPayload {
  100: optional string ipAddress
  200: optional i64 timestamp
  210: optional string encoding
  220: optional string collector
  300: optional string userAgent
  310: optional string refererUri
  320: optional string path
  330: optional string querystring
  340: optional string body
  350: optional list<string> headers
  360: optional string contentType
  400: optional string hostname
  410: optional string networkUserId
  31337: optional string schema
}

// The same with fields a later version might add: what a reader has to step over.
enum Colour { RED = 1, GREEN = 2 }
struct Inner { 1: optional string text, 2: optional Inner inner, 3: optional double number }
struct LaterPayload {
  100: optional string ipAddress
  200: optional i64 timestamp
  210: optional string encoding
  220: optional string collector
  221: optional bool flag
  222: optional byte small
  223: optional i16 short
  224: optional i32 integer
  225: optional double number
  226: optional Inner inner
  227: optional map<string, list<Inner>> groups
  228: optional set<i32> numbers
  229: optional map<i64, bool> flags
  230: optional Colour colour
  350: optional list<string> headers
  31337: optional string schema
}
