"""What a score of quality says, and what it cannot be raised by."""

from catalog.quality import Measurement, by_dimension, metrics, score


def measured(**values):
    return [Measurement(name, value) for name, value in values.items()]


def test_the_score_is_the_mean_of_the_means_of_the_dimensions():
    found = measured(period_coverage=1.0, code_coverage=0.5, timeliness=0.25)
    assert by_dimension(found) == {"completeness": 0.75, "timeliness": 0.25}
    assert score(found) == 50


def test_a_hundred_is_only_for_what_has_no_shortcoming():
    assert score(measured(period_coverage=1.0, timeliness=1.0)) == 100
    assert score(measured(period_coverage=0.9999, timeliness=1.0)) == 99


def test_nothing_measured_is_no_score():
    assert score([]) is None


def test_a_share_is_not_lost_to_binary_fractions():
    assert score(measured(read_as_found=0.29)) == 29


def test_how_much_is_hidden_is_no_metric():
    said = " ".join(f"{name} {metric.labels.en} {metric.definition.en}" for name, metric in metrics().items())
    assert "suppress" not in said
    assert "hidden" not in said
