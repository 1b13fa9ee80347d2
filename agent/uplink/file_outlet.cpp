#include <sys/stat.h>

#include <filesystem>

#include <fmt/format.h>
#include <boost/asio/thread_pool.hpp>

#include "agent/uplink/chunk.hpp"
#include "agent/uplink/outlet.hpp"
#include "agent/whole_file.hpp"
#include "base/async.hpp"

namespace ot::agent {
namespace {

namespace fs = std::filesystem;

/// Bytes of the chunks that are there.
Result<std::uint64_t> size_of_chunks(const std::string& folder) {
  std::error_code failed;
  fs::directory_iterator entries(folder, failed);
  std::uint64_t total = 0;
  for (; !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
    std::error_code gone;
    const auto size = entries->file_size(gone);
    if (!gone && is_chunk_name(entries->path().filename().string())) {
      total += size;
    }
  }
  if (failed) {
    return fail(system_error(failed.value(), fmt::format("folder \"{}\"", folder))
                    .hint("is the disk there, and may the service write to it?"));
  }
  return total;
}

Result<void> write_chunk(const std::string& folder, std::uint64_t most, const std::string& name,
                         const std::string& text) {
  const auto size = size_of_chunks(folder);
  if (!size) {
    return fail(size.error());
  }
  if (*size + text.size() > most) {
    return fail(
        Error(Errc::too_large, fmt::format("folder \"{}\" holds {} MB of chunks that nobody took",
                                           folder, *size >> 20))
            .hint("carry them away, or allow more with folder_size"));
  }
  const auto path = folder + "/" + name;
  const auto written = write_whole(path, text, IfThere::replace);
  return written ? Result<void>{} : fail(Error(written.error()).during(path));
}

/// Writes on a thread of its own: a stick may take its time.
class FileOutlet final : public Outlet {
 public:
  explicit FileOutlet(const SinkConfig& config)
      : folder_(config.folder), most_(config.folder_size) {}
  ~FileOutlet() override { pool_.join(); }

  asio::awaitable<Outcome> send(const Parcel& parcel) override {
    auto work = [this, name = chunk_name(parcel.head), text = text_of(parcel)] {
      return write_chunk(folder_, most_, name, text);
    };
    const auto written = co_await offload(pool_, std::move(work));
    Outcome outcome;
    if (!written) {
      outcome = Outcome(Outcome::Kind::later, written.error().message());
      outcome.hint = written.error().hint();
    }
    co_return outcome;
  }

  std::string preview(const Parcel& parcel) override {
    return fmt::format("{}/{}\n{}", folder_, chunk_name(parcel.head), text_of(parcel));
  }

  asio::awaitable<void> close() override { co_return; }
  void abort() override {}

 private:
  static std::string text_of(const Parcel& parcel) { return chunk_text(parcel.head, parcel.body); }

  std::string folder_;
  std::uint64_t most_;
  asio::thread_pool pool_{1};
};

}  // namespace

Result<std::unique_ptr<Outlet>> make_file_outlet(const SinkConfig& config) {
  return std::make_unique<FileOutlet>(config);
}

}  // namespace ot::agent
