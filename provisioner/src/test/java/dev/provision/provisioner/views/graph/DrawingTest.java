package dev.provision.provisioner.views.graph;

import java.io.IOException;
import java.io.StringReader;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.golden.Golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every form of drawing, as files to look at; and that nothing in a plan can be more than text in them. */
class DrawingTest {

    private static final Set<String> ELEMENTS = Set.of("html", "head", "meta", "title", "style", "body", "h1", "h2",
            "p",
            "div", "table", "thead", "tbody", "tr", "th", "td", "code", "ul", "li", "details", "summary", "svg", "desc",
            "defs", "marker", "path", "rect", "line", "text", "g");

    private static final Set<String> ATTRIBUTES = Set.of("xmlns", "lang", "charset", "http-equiv", "content", "name",
            "class", "width", "height", "viewBox", "role", "aria-labelledby", "id", "refX", "refY", "markerWidth",
            "markerHeight", "markerUnits", "orient", "d", "x", "y", "x1", "x2", "y1", "y2", "rx", "text-anchor",
            "marker-end");

    private static Document parsed(String text) throws SAXException, IOException, ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        var builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new InputSource(new StringReader(text)));
    }

    private static Set<String> elements(Document document, Set<String> attributes) {
        Set<String> names = new TreeSet<>();
        NodeList all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            names.add(element.getTagName());
            for (int j = 0; j < element.getAttributes().getLength(); j++) {
                attributes.add(element.getAttributes().item(j).getNodeName());
            }
        }
        return names;
    }

    @ParameterizedTest
    @EnumSource(Drawing.class)
    void looksAsItShould(Drawing drawing) {
        String name = drawing.name().toLowerCase(Locale.ROOT);
        Golden.check("graph/shop." + name, drawing.of(Fleets.shop()));
        Golden.check("graph/refused." + name, drawing.of(Fleets.refused()));
    }

    @ParameterizedTest
    @EnumSource(value = Drawing.class, names = {"SVG", "HTML"})
    void isWellFormedAndNamesNothingElse(Drawing drawing) throws Exception {
        for (Plan plan : new Plan[]{Fleets.shop(), Fleets.refused(), Fleets.fresh("machines: {}")}) {
            String text = drawing.of(plan);
            Document document = parsed(text);
            assertEquals(drawing == Drawing.SVG ? "svg" : "html", document.getDocumentElement().getTagName());
            assertFalse(Pattern.compile("( href=| src=|@import|url\\((?!#))").matcher(text).find(), text);
            Set<String> ids = new TreeSet<>();
            NodeList all = document.getElementsByTagName("*");
            for (int i = 0; i < all.getLength(); i++) {
                String id = ((Element) all.item(i)).getAttribute("id");
                assertTrue(id.isEmpty() || ids.add(id), id);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"</text></svg><script>alert(1)</script>", "]]><script>alert(1)</script>",
        "--><img src=x onerror=a>",
        "\" onload=\"alert(1)", "' onload='alert(1)", "&lt;script&gt;", "\u0000\u0008\ufffe\ud800x",
        "</style></title><a href=x>"})
    void hostileTextsAreTextInXml(String text) throws Exception {
        for (Drawing drawing : new Drawing[]{Drawing.SVG, Drawing.HTML}) {
            String drawn = drawing.of(Fleets.hostile(text));
            Document document = parsed(drawn);
            Set<String> attributes = new TreeSet<>();
            Set<String> elements = elements(document, attributes);
            assertTrue(ELEMENTS.containsAll(elements), elements::toString);
            assertTrue(ATTRIBUTES.containsAll(attributes), attributes::toString);
            if (text.startsWith("\u0000")) {
                assertTrue(document.getDocumentElement().getTextContent().contains("\\x00\\x08\ufffd\ufffdx"));
            } else {
                assertTrue(document.getDocumentElement().getTextContent().contains(text), drawn);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"]; evil [shape=star, label=\"", "\\", "\\\"", "\\N\\G", "*/ }", "\n}\nevil -> evil",
        "&amp;<b>"})
    void hostileTextsAreTextInDot(String text) {
        String quoted = "\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\"";
        Pattern statement = Pattern
                .compile("  (?:graph|node|edge) \\[.*\\];|  Q \\[label=Q, color=Q, fillcolor=Q, tooltip=Q\\];"
                        .replace("Q", quoted)
                        + "|  Q -> Q \\[label=Q, style=(?:dotted|solid|bold)\\];".replace("Q", quoted));
        Plan plan = Fleets.hostile(text);
        String[] lines = Drawing.DOT.of(plan).split("\n", -1);
        assertEquals("digraph provision {", lines[0]);
        assertTrue(
                lines[1].matches(
                        "  graph \\[rankdir=LR, labelloc=t, fontname=\"sans-serif\", label=" + quoted + "\\];"),
                lines[1]);
        for (int i = 1; i < lines.length - 2; i++) {
            assertTrue(statement.matcher(lines[i]).matches(), lines[i]);
        }
        assertEquals("}", lines[lines.length - 2]);
        assertEquals(1 + 3 + plan.changes().size() + Graph.of(plan).edges().size() + 2, lines.length);
    }

    @Test
    void dotReadsLabelsForEscapesAndEntities() {
        String drawn = Drawing.DOT.of(Fleets.hostile("\\N \"&lt;\""));
        assertTrue(drawn.contains("tooltip=\"\\\\N \\\"&amp;lt;\\\"\""), drawn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"] --> evil[\"", "\n  evil --> n0", "end", "%%{init: {}}%%", "<script>alert(1)</script>",
        "#quot;]", "`**bold**`", "|x| n1; click n0 href \"javascript:x\"", ":::evil"})
    void hostileTextsAreTextInMermaid(String text) {
        Plan plan = Fleets.hostile(text);
        String label = "(?:[\\p{L}\\p{N} ,.-]|#[0-9]+;)*";
        Pattern statement = Pattern
                .compile("  (?:accTitle: L(?::L)*|n[0-9]+\\[\"L(?:<br>L)*\"\\]:::[a-z]+".replace("L", label)
                        + "|n[0-9]+ (?:-->|==>|-\\.->)\\|[a-z]+\\| n[0-9]+|classDef [a-z]+ [a-z0-9#,:]+)");
        String[] lines = Drawing.MERMAID.of(plan).split("\n", -1);
        assertEquals("flowchart LR", lines[0]);
        for (int i = 1; i < lines.length - 1; i++) {
            assertTrue(statement.matcher(lines[i]).matches(), lines[i]);
        }
    }

    @Test
    void titleOfMermaidKeepsItsColons() {
        String drawn = Drawing.MERMAID.of(Fleets.shop());
        assertTrue(drawn.contains("\n  accTitle: " + Graph.title(Fleets.shop()) + "\n"), drawn);
        assertTrue(Graph.title(Fleets.shop()).contains("fleet shop: "), "or it would show nothing");
    }

    @Test
    void theSamePlanIsTheSameText() {
        for (Drawing drawing : Drawing.values()) {
            assertEquals(drawing.of(Fleets.shop()), drawing.of(Fleets.shop()));
        }
    }

    @Test
    void aRefusedPlanSaysThatItHasNoTimeline() {
        for (Drawing drawing : Drawing.values()) {
            String drawn = drawing.of(Fleets.refused()).replace("#58;", ":");
            assertTrue(drawn.contains("This plan is refused: nothing is scheduled"), drawn);
            assertFalse(drawn.contains("timeline-title"), drawn);
            assertTrue(drawn.contains("ready"), drawn);
        }
    }

    @Test
    void largeFleetsAreCutButTheCurveIsOfAll() throws Exception {
        Plan plan = Fleets
                .fresh("""
                        host: { pool: { cpus: 8, memory: 1280MiB } }
                        machines:
                          db: { resources: { cpus: 0.001, memory: 128MiB } }
                          job: { count: 700, resources: { cpus: 0.01, memory: 128MiB }, run: { command: [x], restart: never }, dependsOn: { db: ready } }
                        """);
        assertFalse(plan.isRefused(), () -> plan.problems().toString());
        Document svg = parsed(Drawing.SVG.of(plan));
        String text = svg.getDocumentElement().getTextContent();
        assertTrue(text.contains("and 501 more, not drawn"), text);
        assertTrue(text.contains("memory held: at most 1280 MiB, 100 % of the pool"), text);
        NodeList paths = svg.getElementsByTagName("path");
        long steps = 0;
        for (int i = 0; i < paths.getLength(); i++) {
            Element path = (Element) paths.item(i);
            steps = Math.max(steps, path.getAttribute("d").chars().filter(c -> c == 'V').count());
        }
        assertTrue(steps >= plan.schedule().levels().size() - 1, "a step for each level: " + steps);
        String mermaid = Drawing.MERMAID.of(plan);
        assertTrue(mermaid.length() <= 50_000 && mermaid.contains("more machines"), mermaid.substring(0, 200));
        assertTrue(mermaid.lines().filter(line -> line.contains("-->")).count() <= 500);
        assertEquals(701, Drawing.DOT.of(plan).lines().filter(line -> line.contains("tooltip=")).count());
    }
}
