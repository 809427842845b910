package dev.provision.provisioner.views;

import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.convergence.Plans;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;
import dev.provision.provisioner.golden.Golden;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JunitReportTest {

    private static final Instant BEGUN = Instant.parse("2026-11-22T05:00:00.5Z");

    /** Attributes and children that junit-10.xsd of Jenkins' xUnit plugin and Surefire's schema both know, by element. */
    private static final Map<String, Set<String>> ATTRIBUTES = Map.of(
            "testsuites", Set.of("name", "tests", "failures", "errors", "time"),
            "testsuite", Set.of("name", "tests", "failures", "errors", "skipped", "time", "timestamp"),
            "testcase", Set.of("name", "classname", "time"), "failure", Set.of("type", "message"),
            "error", Set.of("type", "message"), "skipped", Set.of("type", "message"), "system-out", Set.of());
    private static final Map<String, Set<String>> CHILDREN = Map.of("testsuites", Set.of("testsuite"), "testsuite",
            Set.of("testcase"), "testcase", Set.of("failure", "error", "skipped", "system-out"));
    private static final Map<String, Set<String>> REQUIRED = Map.of("testsuite",
            Set.of("name", "tests", "failures", "errors"), "testcase", Set.of("name"));

    private final List<Long> ticks = new ArrayList<>();

    private JunitReport report(Plan plan) {
        return report(plan, Map.of());
    }

    private JunitReport report(Plan plan, Map<String, String> failedJobs) {
        return new JunitReport(plan, failedJobs, BEGUN, () -> {
            ticks.add(0L);
            return ticks.size() * 1_000_000_000L;
        }, job -> List.of("last words of " + job, "\u001b[31mred\u001b[0m \u0000 ]]> & \ud800 \uffff"));
    }

    private JunitSuite suite() {
        JunitReport report = report(Plans.plan(1000, Plans.running(Plans.service("idle", 1, Map.of())),
                Plans.running(Plans.service("report", 1, Map.of()))));
        Samples.events().forEach(report);
        return report.suite();
    }

    @Test
    void eventsOfARunAsTests() throws Exception {
        String xml = JunitXml.text(List.of(suite()));
        Golden.check("junit.xml", xml);
        check(parsed(xml));
    }

    @Test
    void countsAreThoseOfTheElements() throws Exception {
        Element document = parsed(JunitXml.text(List.of(suite(), suite())));
        assertTrue(number(document, "tests") > 4, "the sample has all kinds");
        for (Element suite : children(document)) {
            assertEquals(elements(suite, "testcase").size(), number(suite, "tests"));
            assertEquals(elements(suite, "failure").size(), number(suite, "failures"));
            assertEquals(elements(suite, "error").size(), number(suite, "errors"));
            assertEquals(elements(suite, "skipped").size(), number(suite, "skipped"));
        }
        assertEquals(elements(document, "testcase").size(), number(document, "tests"));
        assertEquals(elements(document, "failure").size(), number(document, "failures"));
    }

    @Test
    void whatAnInterruptedRunKnows() throws Exception {
        Plan plan = Plans.plan(1000, Plans.creation(Plans.service("a", 1, Map.of())),
                Plans.creation(Plans.service("b", 1, Map.of())));
        JunitReport report = report(plan);
        report.accept(new Event.StepStarted("a", plan.changes().getFirst().steps().getFirst()));
        JunitSuite suite = report.suite();
        assertEquals(List.of(new Outcome.Unknown("what it had begun"),
                new Outcome.Skipped("the command ended before it came to this machine")),
                suite.cases().stream().map(JunitSuite.Case::outcome).toList());
        check(parsed(JunitXml.text(List.of(suite))));
    }

    /** It is what a CI looks at: an apply that does not run the job again has not made it pass. */
    @Test
    void jobThatHasFailedBeforeDoesNotPass() throws Exception {
        Plan plan = Plans.plan(1000, Plans.completed(Plans.job("bad", 1, Map.of())),
                Plans.completed(Plans.job("good", 1, Map.of())));
        JunitSuite suite = report(plan, Map.of("bad", "ended with exit code 3")).suite();
        assertEquals(List.of("Failed", "Done"),
                suite.cases().stream().map(test -> test.outcome().getClass().getSimpleName()).toList());
        String xml = JunitXml.text(List.of(suite));
        assertTrue(xml.contains("job ended with exit code 3 before"), xml);
        check(parsed(xml));
    }

    @Test
    void refusedPlanIsAnError() throws Exception {
        Plan refused = Plans.plan(1000, Plans.creation(Plans.service("a", 1, Map.of())))
                .withProblems(List.of(Diagnostic.error(Code.FLEET_EXCEEDS_POOL, "too <large>").fix("less")));
        Element document = parsed(JunitXml.text(List.of(report(refused).suite())));
        check(document);
        assertEquals(1, number(document, "errors"));
        assertEquals(2, number(document, "tests"));
        Element error = elements(document, "error").getFirst();
        assertTrue(error.getAttribute("message").endsWith(" too <large>"), error.getAttribute("message"));
        assertEquals("fix: less", error.getTextContent());
    }

    @Test
    void timeOfAJobIsUntilItsEnd() {
        JunitReport report = report(Plans.plan(1000, Plans.running(Plans.service("report", 1, Map.of()))));
        report.accept(new Event.MachineEnded("report", new Outcome.Done(), Duration.ofMillis(10)));
        report.accept(new Event.JobEnded("report", 0));
        assertEquals(Duration.ofSeconds(1), report.suite().cases().getFirst().took());
    }

    private static Element parsed(String xml) throws ParserConfigurationException, SAXException, IOException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)))
                .getDocumentElement();
    }

    /** The rules of the schemas, by hand. */
    private static void check(Element element) {
        String name = element.getTagName();
        Set<String> attributes = ATTRIBUTES.getOrDefault(name, Set.of());
        IntStream.range(0, element.getAttributes().getLength())
                .mapToObj(i -> element.getAttributes().item(i).getNodeName())
                .forEach(attribute -> assertTrue(attributes.contains(attribute), name + " " + attribute));
        REQUIRED.getOrDefault(name, Set.of())
                .forEach(attribute -> assertTrue(element.hasAttribute(attribute), name + " " + attribute));
        assertTrue(element.getAttribute("time").matches("([0-9]+\\.[0-9]{3})?"), element.getAttribute("time"));
        for (Element child : children(element)) {
            assertTrue(CHILDREN.getOrDefault(name, Set.of()).contains(child.getTagName()),
                    name + " > " + child.getTagName());
            check(child);
        }
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }

    private static List<Element> children(Element element) {
        return list(element.getChildNodes()).toList();
    }

    private static List<Element> elements(Element element, String name) {
        return list(element.getElementsByTagName(name)).toList();
    }

    private static Stream<Element> list(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }
}
