#include "agent/wall/error_fields.hpp"

#include "agent/wall/packing.hpp"
#include "agent/wall/record_fields.hpp"

namespace ot::agent::wall {

std::string packed_error(const Error& error) {
  return packed(error.code(), error.message(), error.hint(), error.position());
}

Error unpacked_error(std::string_view bytes) {
  auto unpack = unpacking(bytes);
  Errc code{};
  std::string message;
  std::string hint;
  Position position;
  unpack(code, message, hint, position);
  if (unpack.failed()) {
    return Error(Errc::malformed, "what the reading child sent is damaged");
  }
  return Error(code, std::move(message)).hint(std::move(hint)).at(position);
}

std::string packed_confinement(const Confinement& confinement) {
  return packed(confinement.seccomp, confinement.landlock);
}

Confinement unpacked_confinement(std::string_view bytes) {
  auto unpack = unpacking(bytes);
  Confinement confinement;
  unpack(confinement.seccomp, confinement.landlock);
  return confinement;
}

}  // namespace ot::agent::wall
