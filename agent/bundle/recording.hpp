#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/bundle/exchange.hpp"
#include "protocols/link/recollection.hpp"

namespace ot::agent::bundle {

/// What the ledger of one area of a walk holds, for asking it instead of the plant.
class Recording final : public protocols::link::Recollection {
 public:
  enum class Use : std::uint8_t {
    resume,  ///< what is not in it is asked of the plant
    replay,  ///< nothing is asked of the plant
    finish,  ///< nor here: what is not in it was cut off (cancelled)
  };
  explicit Recording(Use use);
  void set_use(Use use) { use_ = use; }
  ~Recording() override;

  /// The next entry of the ledger.
  void add(const protocols::link::LedgerEntry& entry);

  bool only() const override { return use_ != Use::resume; }
  std::optional<Recalled<void>> connection(const std::string& target,
                                           protocols::link::Wire wire) override;
  std::optional<Recalled<std::string>> answer(const std::string& target,
                                              const protocols::link::Frame& request) override;
  void lose(const std::string& target, protocols::link::Wire wire, const Error& why) override;

  /// What was recalled already can be recalled again.
  void rewind();

  /// A request of the ledger with what came of it.
  struct Asked {
    std::string target;  ///< "10.0.0.5:9600"
    protocols::link::Wire wire{};
    Time at{};
    std::string request;  ///< bytes
    std::string meaning;  ///< "FINS 0501 ..."; empty: not one of those that we may send
    std::vector<std::string> answers;  ///< bytes
    bool used = false;                 ///< a probe asked for it
  };
  /// All of them in their order: what nobody used is of a kind that no probe asks today.
  std::vector<Asked> asked() const;

 private:
  struct Target;

  template <class Value>
  std::optional<Recalled<Value>> cut_off() const;
  Target* find(const std::string& target, protocols::link::Wire wire) const;
  std::optional<Recalled<std::string>> unknown(const Target& kept,
                                               const protocols::link::Frame& request) const;

  Use use_;
  std::map<std::pair<std::string, protocols::link::Wire>, std::unique_ptr<Target>> targets_;
  std::vector<std::pair<const Target*, std::size_t>> order_;  ///< of the requests
};

}  // namespace ot::agent::bundle
