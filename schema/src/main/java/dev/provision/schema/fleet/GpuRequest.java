package dev.provision.schema.fleet;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.units.QuantityFormatException;

/**
 * GPUs for one machine.
 *
 * @param model
 *            which; absent: any
 * @param quantity
 *            how many GPUs, or partitions of one kind; 1 to 64
 * @param partition
 *            the MIG partition of each, one that the model can be cut into
 */
public record GpuRequest(Optional<GpuModel> model, int quantity, Optional<String> partition) {

    private static final int MOST = 64;
    private static final Pattern MODEL = Pattern.compile("([^:]+?)\\s*(?::\\s*([0-9]{1,9}))?");

    public GpuRequest {
        if (quantity < 1 || quantity > MOST) {
            throw new IllegalArgumentException("GPUs: " + quantity);
        }
    }

    /**
     * Reads {@code true}, {@code false}, a count, {@code any}, or {@code MODEL[:COUNT]}; absent: no GPU. {@code true} is the
     * emulated one: whoever wants a GPU of the host says how many, or which.
     *
     * @throws QuantityFormatException
     *             when the model is unknown or the count is above 64
     */
    public static Optional<GpuRequest> parse(String text) throws QuantityFormatException {
        String word = text.strip();
        if (word.matches("[Ff]alse|FALSE|0")) {
            return Optional.empty();
        }
        if (isTrue(word)) {
            return Optional.of(new GpuRequest(Optional.of(GpuModel.VIRTIO), 1, Optional.empty()));
        }
        if (word.equals("any")) {
            return Optional.of(new GpuRequest(Optional.empty(), 1, Optional.empty()));
        }
        if (word.matches("[0-9]{1,9}")) {
            return Optional.of(new GpuRequest(Optional.empty(), quantity(Integer.parseInt(word)), Optional.empty()));
        }
        Matcher matcher = MODEL.matcher(word);
        if (!matcher.matches()) {
            throw new QuantityFormatException("`" + text + "` is no request for GPUs",
                    "write true, a count, or MODEL:COUNT such as A100:2");
        }
        int quantity = matcher.group(2) == null ? 1 : quantity(Integer.parseInt(matcher.group(2)));
        return Optional.of(new GpuRequest(model(matcher.group(1)), quantity, Optional.empty()));
    }

    /**
     * What {@link #parse} reads, with the model's own name: {@code A100:2} for {@code a100:2}. A quantity that was not
     * written is not added.
     */
    public static String canonical(String text) throws QuantityFormatException {
        Optional<GpuRequest> request = parse(text);
        String word = text.strip();
        String quantity = word.contains(":") ? ":" + request.map(GpuRequest::quantity).orElse(1) : "";
        return request.flatMap(GpuRequest::model)
                .filter(model -> !isTrue(word))
                .map(model -> model + quantity)
                .orElseGet(() -> word.toLowerCase(Locale.ROOT));
    }

    private static boolean isTrue(String word) {
        return word.matches("[Tt]rue|TRUE");
    }

    /** The VMM makes it; otherwise devices of the host are given away. */
    public boolean isEmulated() {
        return model.filter(GpuModel::isEmulated).isPresent();
    }

    /** The model of this name; absent for {@code any}. */
    public static Optional<GpuModel> model(String name) throws QuantityFormatException {
        if (name.strip().equals("any")) {
            return Optional.empty();
        }
        Optional<GpuModel> model = GpuModel.of(name);
        if (model.isEmpty()) {
            List<String> known = Arrays.stream(GpuModel.values()).map(GpuModel::toString).toList();
            throw new QuantityFormatException("`" + name.strip() + "` is no GPU that is known here",
                    Suggestion.text(name.strip(), known, "write one of " + String.join(", ", known)
                            + "; other devices go under `devices`, by their name in the device catalogue"));
        }
        return model;
    }

    /** The quantity itself, when it is one. */
    public static int quantity(int quantity) throws QuantityFormatException {
        if (quantity < 1 || quantity > MOST) {
            throw new QuantityFormatException(quantity + " GPUs are not possible",
                    "write 1 to " + MOST + ", or `gpu: false`");
        }
        return quantity;
    }

    /** The canonical short form where there is one, {@code A100:2}, else with the partition: {@code A100:1/1g.5gb}. */
    @Override
    public String toString() {
        return model.map(GpuModel::toString).orElse("any") + ":" + quantity + partition.map(p -> "/" + p).orElse("");
    }
}
