#include "protocols/link/notes.hpp"

#include <fmt/format.h>

namespace ot::protocols::link {

using Event = LedgerEntry::Event;

void Notes::put(LedgerEntry entry) const {
  if (ledger_ == nullptr) {
    return;
  }
  entry.at = now();
  entry.target = target_;
  entry.wire = wire_;
  ledger_->note(entry);
}

void Notes::write(Event event, std::string meaning, std::string bytes) const {
  LedgerEntry entry;
  entry.event = event;
  entry.bytes = std::move(bytes);
  entry.meaning = std::move(meaning);
  put(std::move(entry));
}

void Notes::failure(Event event, const Error& error) const {
  LedgerEntry entry;
  entry.event = event;
  entry.meaning = error.message();
  entry.error = error.code();
  put(std::move(entry));
}

void Notes::received(std::string bytes, const std::string& frame, bool stray) const {
  LedgerEntry entry;
  entry.event = Event::received;
  entry.bytes = std::move(bytes);
  entry.meaning =
      describe_received(wire_, frame) + (stray ? "; not the answer that is awaited" : "");
  entry.stray = stray;
  put(std::move(entry));
}

void Notes::rest(std::string bytes) const {
  LedgerEntry entry;
  entry.event = Event::received;
  entry.meaning = fmt::format("{} bytes that answer nothing", bytes.size());
  entry.bytes = std::move(bytes);
  entry.stray = true;
  put(std::move(entry));
}

}  // namespace ot::protocols::link
